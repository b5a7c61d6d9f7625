import ArgumentParser
import CommandSupport
import GitHub
import Wording

/// Where pending deployments are counted.
struct SourceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The repository. (default: $GITHUB_REPOSITORY)", valueName: "owner/name"))
    var repo: String?

    @Option(
        help: ArgumentHelp(
            "The workflow's file, such as deploy.yml. (default: the one that is running)",
            valueName: "file"))
    var workflow: String?

    @Option(
        help: ArgumentHelp(
            "Count the runs in this file, '-' for standard input, as 'gh run list --json …' or "
                + "'gh api' prints them.", valueName: "file"), completion: .file())
    var runsJson: String?

    @Flag(help: "Count the deployments that hold or wait for the lock on this machine.")
    var local = false

    @Option(
        help: ArgumentHelp(
            "Do not count runs with this status, such as 'waiting' for an approval; may be given "
                + "more than once.", valueName: "status"),
        completion: .list(WorkflowRun.pendingStatuses))
    var ignore: [String] = []

    @Option(
        help: ArgumentHelp(
            "Do not count runs that are older than this: 90m, 6h, 2d.", valueName: "duration"))
    var maxAge: String?

    @OptionGroup
    var place: LockPlaceOptions

    @OptionGroup
    var github: GitHubOptions

    func validate() throws {
        if local, runsJson != nil {
            throw ValidationError("--local and --runs-json exclude each other")
        }
        if local, !ignore.isEmpty || maxAge != nil {
            throw ValidationError(
                "\(maxAge == nil ? "--ignore" : "--max-age") is for runs of a workflow, not for "
                    + "--local")
        }
        if let unknown = ignore.first(where: { !WorkflowRun.pendingStatuses.contains($0) }) {
            throw ValidationError(
                "--ignore takes \(WorkflowRun.pendingStatuses.joined(separator: ", ")), not "
                    + "'\(unknown)'")
        }
        if let maxAge, (longestAge ?? 0) <= 0 {
            throw ValidationError("--max-age requires a duration such as 6h, not '\(maxAge)'")
        }
        if let repo, Repository(repo) == nil {
            throw ValidationError("--repo requires OWNER/NAME, not '\(repo)'")
        }
        if workflow?.isEmpty == true { throw ValidationError("--workflow is empty") }
    }

    /// In µs.
    var longestAge: Int64? { maxAge.flatMap { DurationText.parse(option: $0) } }
}
