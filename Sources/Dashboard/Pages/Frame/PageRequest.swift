import HTTPTypes
import Hummingbird
import Queries
import SystemCalls

/// What a reader asks of a page.
struct PageRequest: Sendable {
    /// Below the base path, as it was written.
    let path: String
    /// The names and values of the address, in order, without those that are empty.
    let query: [(name: String, value: String)]
    /// In which times are shown.
    let zone: Zone
    let links: Links
    /// When it was asked.
    let now: Instant
    /// Whether the reader can log out.
    let isLoggedIn: Bool
    /// Whether there is more than one lock to be told from others.
    let severalLocks: Bool

    /// - Throws: `Problem`, for an address that is no text and a zone that nobody knows.
    init(_ request: Request, _ site: Site) throws {
        let options = site.options
        isLoggedIn = request.headers[.cookie]?.contains("\(site.gate.cookie)=") ?? false
        now = Instant(microseconds: Clock.wallMicroseconds())
        severalLocks = options.locks.count > 1
        path = String(request.uri.path.dropFirst(options.basePath.count))
        query = try (request.uri.query ?? "").split(separator: "&").compactMap { part in
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(pair[0], plusIsBlank: true),
                let value = PercentEncoding.decode(
                    pair.count > 1 ? pair[1] : "", plusIsBlank: true),
                !value.unicodeScalars.contains("\0")
            else { throw Problem.badRequest("the address is not UTF-8 text") }
            return value.isEmpty ? nil : (name, value)
        }
        let name = query.last { $0.name == "tz" }?.value
        do {
            zone = try name.map { try Zone(named: $0) } ?? options.zone
        } catch {
            throw Problem.badRequest("tz: \(error)")
        }
        links = Links(basePath: options.basePath, zone: name)
    }

    /// The value of a name, the last if there are several; nil when it has none.
    subscript(name: String) -> String? { query.last { $0.name == name }?.value }

    /// All values of a name.
    func all(_ name: String) -> [String] { query.filter { $0.name == name }.map(\.value) }

    /// The region of the page that alone is asked for; nil for the page.
    var fragment: String? { self["fragment"] }

    /// Whether it is shown on a wall, where nobody clicks.
    var isWall: Bool { self["view"] == "wall" }

    /// The same page with another value for a name; without it when that is nil.
    func address(with name: String, _ value: String?) -> String {
        var rest = query.filter { $0.name != name && $0.name != "fragment" }
            .map { ($0.name, $0.value) }
        if let value { rest.append((name, value)) }
        // The path is one of ours, and encoded as it came.
        let text = rest.map { "\(PercentEncoding.encode($0.0))=\(PercentEncoding.encode($0.1))" }
            .joined(separator: "&")
        return links.basePath + path + (text.isEmpty ? "" : "?" + text)
    }
}
