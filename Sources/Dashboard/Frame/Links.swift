/// Every address within the dashboard is made here, so that all of them are below the base path and
/// keep what the reader chose.
struct Links: Sendable {
    let basePath: String
    /// The zone the reader asked for; nil for the usual one.
    var zone: String?

    /// Where the pages are.
    static let home = "/super-admin/deployments"

    /// The address of a page.
    ///
    /// - Parameters:
    ///   - path: its segments below the base path; each is encoded.
    ///   - query: names and values in order.
    func to(_ path: [String], _ query: [(String, String)] = []) -> String {
        address(path.map { "/" + PercentEncoding.encode($0) }.joined(), query)
    }

    /// The main page.
    func home(_ query: [(String, String)] = []) -> String { address(Self.home, query) }

    /// One deployment, by its id, or its number and the lock that gave it.
    func deployment(_ name: String, lock: String? = nil) -> String {
        to(["super-admin", "deployments", name], lock.map { [("lock", $0)] } ?? [])
    }

    /// One commit.
    func commit(_ sha: String) -> String { to(["super-admin", "commits", sha]) }

    /// What one person deployed.
    func person(_ name: String) -> String { home([("actor", name)]) + "#recent" }

    /// A file of ours; it is the same for every reader.
    func asset(_ name: String) -> String { "\(basePath)/assets/\(name)" }

    /// A path as it is written in a route.
    private func address(_ path: String, _ query: [(String, String)]) -> String {
        let all = query + (zone.map { [("tz", $0)] } ?? [])
        let text = all.map { "\($0.0)=\(PercentEncoding.encode($0.1))" }.joined(separator: "&")
        return basePath + path + (text.isEmpty ? "" : "?" + text)
    }
}
