/// A weak tag of an entity: what has the same tag says the same.
///
/// Source: RFC 9110, 8.8.3 and 13.1.2.
struct EntityTag: Hashable, Sendable {
    /// What stands between the quotes.
    let opaque: String

    /// As it is written.
    var text: String { "W/\"\(opaque)\"" }

    /// Whether the values of `If-None-Match` name this tag, weak or strong.
    ///
    /// - Parameter fields: one for each field of that name.
    func matches(_ fields: [String]) -> Bool {
        fields.contains { $0.split(whereSeparator: \.isWhitespace) == ["*"] }
            || Self.opaques(fields.joined(separator: ",")).contains(opaque)
    }

    /// The tags of a list, without their quotes; commas may stand between those.
    private static func opaques(_ list: String) -> Set<String> {
        // Every second piece stands between quotes, which a tag cannot contain.
        let pieces = list.split(separator: "\"", omittingEmptySubsequences: false)
        return Set(
            pieces.indices.filter { $0 % 2 == 1 && $0 < pieces.count - 1 }
                .map { String(pieces[$0]) })
    }
}
