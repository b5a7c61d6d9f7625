/// The members of a canonical object, as they lie in its bytes, in the order of their keys.
package struct CanonicalMembers: Sendable {
    private let bytes: [UInt8]
    private let places: [(key: Range<Int>, value: Range<Int>)]

    /// Nil unless `bytes` hold one canonical object; see `CanonicalJSON`.
    package init?(_ bytes: [UInt8]) {
        guard let places = CanonicalJSON.places(in: bytes) else { return nil }
        self.bytes = bytes
        self.places = places
    }

    /// How many there are.
    var count: Int { places.count }

    /// The raw value of one of them.
    func value(at index: Int) -> ArraySlice<UInt8> { bytes[places[index].value] }

    /// The text a member holds; nil when it is absent or no text.
    package func text(_ key: StaticString) -> String? {
        place(of: key).flatMap { CanonicalJSON.text(value(at: $0)) }
    }

    /// The whole number a member holds; nil when it is absent or none.
    package func integer(_ key: StaticString) -> Int64? {
        place(of: key).flatMap { Int64(decimal: value(at: $0)) }
    }

    /// Whether there is such a member.
    package func contains(_ key: StaticString) -> Bool { place(of: key) != nil }

    private func place(of key: StaticString) -> Int? {
        places.indices.first { order(of: $0, key) == 0 }
    }

    /// Below 0 when the key of a member comes before `key`, 0 when it is that one.
    func order(of index: Int, _ key: StaticString) -> Int {
        let place = places[index].key
        let count = key.utf8CodeUnitCount
        let start = key.utf8Start
        var offset = 0
        while offset < place.count, offset < count {
            let (one, other) = (bytes[place.lowerBound + offset], start[offset])
            if one != other { return one < other ? -1 : 1 }
            offset += 1
        }
        return place.count - count
    }
}
