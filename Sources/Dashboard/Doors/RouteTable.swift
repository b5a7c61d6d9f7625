import HTTPTypes
import Hummingbird

/// Which route answers a path.
struct RouteTable: Sendable {
    /// What is at a path.
    enum Place {
        case route(Route, Parameters)
        /// Something, but not by that method.
        case otherMethods([HTTPRequest.Method])
        case nothing
    }

    private let basePath: String
    private let routes: [(pattern: [Segment], route: Route)]

    init(_ routes: [Route], basePath: String) {
        self.basePath = basePath
        self.routes = routes.map { (Self.segments(of: $0.path).map(Segment.init), $0) }
    }

    /// Looks a path up.
    ///
    /// - Parameter path: as it was asked for, percent signs and all. A slash at its end makes no
    ///   difference, a segment that is empty, or leads elsewhere, or is no text is nowhere.
    func place(_ method: HTTPRequest.Method, _ path: String) -> Place {
        guard path == basePath || path.hasPrefix(basePath + "/"),
            let segments = Self.decoded(path.dropFirst(basePath.count))
        else { return .nothing }
        let wanted = method == .head ? .get : method
        var others: [HTTPRequest.Method] = []
        for (pattern, route) in routes {
            guard let parameters = Self.match(pattern, segments) else { continue }
            if route.method == wanted { return .route(route, parameters) }
            others += route.method == .get ? [.get, .head] : [route.method]
        }
        return others.isEmpty ? .nothing : .otherMethods(others)
    }

    private static func segments(of path: some StringProtocol) -> [String] {
        String(path).split(separator: "/").map(String.init)
    }

    /// The segments of a path, decoded; nil where one is not to be looked at any further.
    private static func decoded(_ path: Substring) -> [String]? {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        if parts.last?.isEmpty == true { parts.removeLast() }
        var segments: [String] = []
        for part in parts {
            guard let text = PercentEncoding.decode(part), !text.isEmpty, text != ".",
                text != "..", !text.unicodeScalars.contains(where: { $0.value < 0x20 })
            else { return nil }
            segments.append(text)
        }
        return segments
    }

    private static func match(_ pattern: [Segment], _ segments: [String]) -> Parameters? {
        guard pattern.count == segments.count else { return nil }
        var found: [(key: Substring, value: Substring)] = []
        for (part, text) in zip(pattern, segments) {
            guard let value = part.value(in: text) else { return nil }
            if let name = part.name { found.append((name[...], value)) }
        }
        return Parameters(found)
    }
}

/// One segment of a route's path: a word, or a name in braces with something before or after it.
private struct Segment: Sendable {
    let before: String
    let name: String?
    let after: String

    init(_ text: String) {
        guard let start = text.firstIndex(of: "{"), let end = text.lastIndex(of: "}") else {
            (before, name, after) = (text, nil, "")
            return
        }
        before = String(text[..<start])
        name = String(text[text.index(after: start)..<end])
        after = String(text[text.index(after: end)...])
    }

    /// What stands for the name, empty for a word; nil when the segment is another one.
    func value(in text: String) -> Substring? {
        guard name != nil else { return text == before ? "" : nil }
        guard text.utf8.count > before.utf8.count + after.utf8.count, text.hasPrefix(before),
            text.hasSuffix(after)
        else { return nil }
        return text.dropFirst(before.count).dropLast(after.count)
    }
}
