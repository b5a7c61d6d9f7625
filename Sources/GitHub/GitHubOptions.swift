public import ArgumentParser
import Wording

/// How a tool asks GitHub.
public struct GitHubOptions: ParsableArguments {
    /// The program.
    @Option(help: "The GitHub CLI.", completion: .file())
    public var gh = "gh"

    /// How long one request may take, as a person writes it.
    @Option(help: "How long one request to GitHub may take.")
    public var ghTimeout = "30s"

    /// For the parser.
    public init() {}

    /// Checks the length of time.
    public func validate() throws {
        guard let timeout = LengthOfTime.parse(option: ghTimeout), timeout > 0 else {
            throw ValidationError("--gh-timeout takes a duration such as 30s, not '\(ghTimeout)'")
        }
    }

    /// The client that asks this way.
    public var client: GitHubClient {
        GitHubClient(program: gh, timeout: LengthOfTime.parse(option: ghTimeout) ?? 0)
    }
}
