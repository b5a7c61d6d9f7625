import GitHub
import SystemCalls

/// What the environment of a job in GitHub Actions tells about its run.
///
/// Source: "Variables reference", docs.github.com/actions/reference/workflows-and-actions.
struct JobContext: Sendable {
    /// The machine of GitHub; nil for github.com, which `gh` uses by itself.
    let host: String?
    let repository: Repository?
    let workflow: String?
    let runID: Int64?
    let attempt: Int64
    let event: String?
    let branch: String?
    let sha: String?
    let actor: String?
    /// Whether a job in GitHub Actions reads what we print.
    let isJob: Bool
    /// Where step outputs go.
    let outputFile: String?
    /// Where the summary of the job goes.
    let summaryFile: String?

    init(_ variable: (String) -> String? = Environment.value) {
        host = variable("GH_HOST") ?? Self.host(variable("GITHUB_SERVER_URL"))
        repository = variable("GITHUB_REPOSITORY").flatMap { Repository($0) }?.on(host: host)
        workflow = variable("GITHUB_WORKFLOW_REF").flatMap(Self.file(ofWorkflow:))
        runID = variable("GITHUB_RUN_ID").flatMap { Int64($0) }
        attempt = variable("GITHUB_RUN_ATTEMPT").flatMap { Int64($0) } ?? 1
        event = variable("GITHUB_EVENT_NAME")
        // Of a pull request the name of the reference is that of the merge.
        branch = variable("GITHUB_HEAD_REF") ?? variable("GITHUB_REF_NAME")
        sha = variable("GITHUB_SHA")
        actor = variable("GITHUB_TRIGGERING_ACTOR") ?? variable("GITHUB_ACTOR")
        isJob = variable("GITHUB_ACTIONS") == "true"
        outputFile = variable("GITHUB_OUTPUT")
        summaryFile = variable("GITHUB_STEP_SUMMARY")
    }

    /// `https://github.example.com` → `github.example.com`; nil for github.com.
    static func host(_ address: String?) -> String? {
        guard let address, let scheme = address.firstRange(of: "://") else { return nil }
        let host = address[scheme.upperBound...].prefix { $0 != "/" }
        return host.isEmpty || host == "github.com" ? nil : String(host)
    }

    /// `o/n/.github/workflows/deploy.yml@refs/heads/main` → `deploy.yml`.
    static func file(ofWorkflow reference: String) -> String? {
        let path = reference.prefix { $0 != "@" }
        return path.split(separator: "/").last.map(String.init)
    }
}
