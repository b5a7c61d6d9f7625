import ArgumentParser
import CommandSupport
import Dashboard
import GitHub

/// Which runs of CI are shown besides.
struct CIOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Ask GitHub every minute for the pending runs of a workflow of this repository, through "
                + "'gh api'.", valueName: "owner/name"))
    var github: String?

    @Option(
        help: ArgumentHelp(
            "The file of that workflow, such as deploy.yml.", valueName: "file"))
    var workflow: String?

    @OptionGroup var client: GitHubOptions

    func validate() throws {
        guard (github == nil) == (workflow == nil) else {
            throw ValidationError("--github and --workflow go together")
        }
        if let github, Repository(github) == nil {
            throw ValidationError("--github requires OWNER/NAME, not '\(github)'")
        }
        if workflow?.isEmpty == true { throw ValidationError("--workflow must not be empty") }
    }

    /// Sets what these say.
    func apply(to options: inout DashboardOptions) {
        guard let repository = github.flatMap({ Repository($0) }), let workflow else { return }
        // What people copy from a page is often the path.
        let file = String(workflow.split(separator: "/").last ?? "")
        options.ciQueue = CIQueueOptions(
            repository: repository, workflow: file, client: client.client)
    }
}
