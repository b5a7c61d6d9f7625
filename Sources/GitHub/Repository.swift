/// A repository on GitHub, as `gh` names it.
package struct Repository: Hashable, Sendable, CustomStringConvertible {
    /// The machine it is on, such as `github.example.com`; nil for the one `gh` uses by itself.
    package let host: String?
    /// The user or organisation.
    package let owner: String
    /// Its name.
    package let name: String

    /// Reads `OWNER/NAME` or `HOST/OWNER/NAME`; nil when it is neither.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), parts.allSatisfy(Self.isName) else { return nil }
        host = parts.count == 3 ? parts[0] : nil
        owner = parts[parts.count - 2]
        name = parts[parts.count - 1]
    }

    /// Whether both are the same, however they are spelled; one that names no machine may be on any.
    package func isSame(as other: Repository) -> Bool {
        let isSameHost = host == nil || other.host == nil || known == other.known
        return isSameHost && path.lowercased() == other.path.lowercased()
    }

    private var known: String? { host?.lowercased() }

    /// The repository on that machine, unless it names one already.
    package func on(host other: String?) -> Repository {
        Repository(host: host ?? other, owner: owner, name: name)
    }

    private init(host: String?, owner: String, name: String) {
        (self.host, self.owner, self.name) = (host, owner, name)
    }

    /// What `gh --repo` takes.
    package var description: String { (host.map { $0 + "/" } ?? "") + path }

    /// `OWNER/NAME`.
    package var path: String { "\(owner)/\(name)" }

    /// The address of a run of one of its workflows.
    package func runURL(_ id: Int64) -> String {
        "https://\(host ?? "github.com")/\(path)/actions/runs/\(id)"
    }

    /// Letters, digits and `._-`, so that a name can neither leave its place in a path nor look
    /// like an option.
    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, first != UInt8(ascii: "-"), text != ".", text != ".."
        else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
            default: "._-:".utf8.contains(byte)
            }
        }
    }
}
