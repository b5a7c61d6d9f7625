extension RecordFields {
    /// Takes the members from any JSON object, in whatever order it has them; other members are passed
    /// over.
    ///
    /// - Throws: `RecordFlaw` for a member that is not what it has to be.
    package mutating func read(_ decoder: any Decoder) throws {
        var reader = MemberDecoder(container: try decoder.container(keyedBy: MemberKey.self))
        visit(&reader)
        if let flaw = reader.flaw { throw flaw }
    }
}

private struct MemberKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ key: StaticString) {
        stringValue = key.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }
    }

    init?(stringValue: String) { self.stringValue = stringValue }

    init?(intValue: Int) { return nil }
}

/// Reads members from a general decoder.
private struct MemberDecoder: MemberVisitor {
    let container: KeyedDecodingContainer<MemberKey>
    private(set) var flaw: RecordFlaw?

    init(container: KeyedDecodingContainer<MemberKey>) { self.container = container }

    mutating func visit(_ key: StaticString, _ value: inout String?) { take(key, &value) }
    mutating func visit(_ key: StaticString, _ value: inout Int64?) { take(key, &value) }
    mutating func visit(_ key: StaticString, _ value: inout [Int64]?) { take(key, &value) }
    mutating func visit(_ key: StaticString, _ value: inout [String]?) { take(key, &value) }
    mutating func visit(_ key: StaticString, _ value: inout Bool?) { take(key, &value) }

    mutating func reject(_ key: StaticString, _ kind: RecordFlaw.Kind) {
        if flaw == nil { flaw = RecordFlaw(key: MemberKey(key).stringValue, kind: kind) }
    }

    private mutating func take<Member: Decodable>(_ key: StaticString, _ value: inout Member?) {
        do {
            value = try container.decodeIfPresent(Member.self, forKey: MemberKey(key))
        } catch {
            value = nil
            reject(key, .wrongType)
        }
    }
}
