/// The address of a run on GitHub: `https://HOST/OWNER/NAME/actions/runs/5`, whatever follows.
package struct RunAddress: Hashable, Sendable {
    /// The repository, with the machine it is on.
    package let repository: Repository
    /// The run's id.
    package let run: Int64

    /// Reads it; nil for any other address, such as that of the API.
    package init?(_ url: String) {
        let parts = url.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 8, parts[0] == "https:", parts[1].isEmpty, parts[5] == "actions",
            parts[6] == "runs", let repository = Repository(parts[2...4].joined(separator: "/")),
            let run = Int64(parts[7].prefix { $0.isNumber })
        else { return nil }
        self.repository = repository
        self.run = run
    }

    /// The address of a run in a repository.
    package init(_ repository: Repository, run: Int64) {
        self.repository = repository.on(host: "github.com")
        self.run = run
    }

    /// The machine GitHub is on.
    package var host: String { repository.host ?? "github.com" }

    /// The address without an attempt, as GitHub writes it.
    package var url: String { repository.runURL(run) }
}
