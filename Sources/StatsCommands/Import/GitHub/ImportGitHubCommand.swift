import ArgumentParser
import CommandSupport
import GitHub
import Glibc
import Ledger
import Queries
import SystemCalls

/// `deploystats import github`.
struct ImportGitHubCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "github",
        abstract: "Import the runs of a workflow of GitHub Actions.",
        discussion: """
            Asks GitHub through 'gh api', or reads what 'gh api --paginate \
            repos/OWNER/NAME/actions/workflows/FILE/runs' printed, or payloads of the webhook \
            workflow_run (--file). Every attempt of a run is imported once, however often this is \
            called and however the repository is spelled; a file knows only the last one. What \
            ended is kept as an event 'imported'; a run that a deployment here was part of is not \
            counted again.

            EXIT CODES
              0    done
              1    GitHub or the ledger could not be asked; what was imported stays
              64   usage error
            """)

    @Option(
        help: ArgumentHelp(
            "The repository; with --file only runs of it.", valueName: "owner/name"))
    var repo: String?

    @Option(
        help: ArgumentHelp(
            "The workflow's file, such as deploy.yml; with --file only runs of it, by file, name or "
                + "id.", valueName: "file"))
    var workflow: String?

    @Option(
        help: ArgumentHelp(
            "Only runs set off by this event: push, schedule, …; may be given more than once.",
            valueName: "name"))
    var event: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only runs of this branch or tag; may be given more than once.", valueName: "name"))
    var branch: [String] = []

    @Option(
        help: ArgumentHelp(
            "Read runs from this file, '-' for standard input, instead of asking GitHub.",
            valueName: "path"), completion: .file())
    var file: String?

    @Option(
        help: ArgumentHelp(
            "A job that deploys: its end is what counts, not that of the whole run; may be given "
                + "more than once.", valueName: "name"))
    var job: [String] = []

    @Option(
        help: ArgumentHelp("The kind of deployment: lightning, docker, …", valueName: "word"),
        completion: .tiers)
    var tier: String?

    // Unconditional: a value such as -2h begins with a dash.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Only runs created since then. (default: 30d; everything with --file)",
            valueName: "time"))
    var since: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Only runs created before this.", valueName: "time"))
    var until: String?

    @OptionGroup(title: "GitHub")
    var github: GitHubOptions

    @OptionGroup(title: "Ledger")
    var ledger: LedgerOptions

    func validate() throws {
        if let repo, Repository(repo) == nil {
            throw ValidationError("--repo requires OWNER/NAME, not '\(repo)'")
        }
        if file == nil {
            if repo == nil { throw ValidationError("--repo OWNER/NAME is missing, or --file") }
            if workflow == nil { throw ValidationError("--workflow FILE is missing, or --file") }
        }
        if workflow?.isEmpty == true { throw ValidationError("--workflow is empty") }
        if event.contains("") { throw ValidationError("--event is empty") }
        if branch.contains("") { throw ValidationError("--branch is empty") }
        if job.contains("") { throw ValidationError("--job is empty") }
    }

    func run() throws {
        let window = try window()
        let target = ImportTarget(try ledger.settings())
        let reader = RunReader(jobs: job, tier: tier)
        let repository = repo.flatMap { Repository($0)?.on(host: Environment.value("GH_HOST")) }
        var selection = RunSelection(events: event, branches: branch)
        do {
            if let file {
                selection.repository = repository
                selection.workflow = workflow
                let source = RunFile(
                    name: file == "-" ? "standard input" : file, repository: repository,
                    selection: selection, reader: reader, target: target)
                try source.run(try RunFile.read(file), window)
            } else if let repository, let workflow {
                try GitHubImport(
                    client: github.client, repository: repository, workflow: workflow,
                    selection: selection, reader: reader, target: target
                ).run(since: window.lowerBound, until: window.upperBound)
            }
            try target.flush()
        } catch let error as GitHubError {
            try target.flush()
            let soFar = "; \(target.summary): run it again, it goes on where it stopped"
            throw Failure.because("\(error)" + (target.added > 0 ? soFar : ""))
        }
        target.clearProgress()
        try StandardOutput.print(target.summary + "\n")
    }

    private func window() throws -> ClosedRange<Int64> {
        let now = Instant(microseconds: Clock.wallMicroseconds())
        do {
            let window = try PartialWindow(
                since: since ?? (file == nil ? "30d" : nil), until: until, zone: .utc, now: now)
            // The end is not part of it, and GitHub's times are whole seconds.
            let end = window.until.map { $0.microseconds - 1_000_000 }
            let start = window.since?.microseconds ?? 0
            return start...max(start, end ?? now.microseconds)
        } catch { throw ValidationError("\(error)") }
    }
}
