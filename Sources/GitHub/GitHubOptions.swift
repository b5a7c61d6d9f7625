import ArgumentParser
import Wording

/// How a tool asks GitHub.
package struct GitHubOptions: ParsableArguments {
    /// The program.
    @Option(help: "The GitHub CLI.", completion: .file())
    package var gh = "gh"

    /// How long one request may take, as a person writes it.
    @Option(help: "How long one request to GitHub may take.")
    package var ghTimeout = "30s"

    /// For the parser.
    package init() {}

    /// Checks the length of time.
    package func validate() throws {
        guard let timeout = DurationText.parse(option: ghTimeout), timeout > 0 else {
            throw ValidationError(
                "--gh-timeout requires a duration such as 30s, not '\(ghTimeout)'")
        }
    }

    /// The client that asks this way.
    package var client: GitHubClient {
        GitHubClient(program: gh, timeout: DurationText.parse(option: ghTimeout) ?? 0)
    }
}
