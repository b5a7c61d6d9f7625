import Glibc

/// The few different texts of a column with very many rows, each kept once.
struct StringInterner {
    /// In the order they were first seen; nil for NULL.
    private(set) var texts: [String?] = []
    var count: Int { texts.count }
    private var bytes: [[UInt8]?] = []
    /// The places of texts by their hash.
    private var places: [Int: [Int]] = [:]
    /// Often the same comes again.
    private var last = 0

    /// The place of a text in `texts`; texts are compared by their bytes, as SQLite does.
    mutating func place(of text: UnsafeRawBufferPointer?) -> Int {
        if last < bytes.count, Self.isSame(bytes[last], text) { return last }
        var hasher = Hasher()
        if let text { hasher.combine(bytes: text) }
        let hash = hasher.finalize()
        let known = places[hash]?.first { Self.isSame(bytes[$0], text) }
        last = known ?? bytes.count
        if known == nil {
            bytes.append(text.map { Array($0) })
            texts.append(text.map { String(decoding: $0, as: UTF8.self) })
            places[hash, default: []].append(last)
        }
        return last
    }

    /// The same for a text that is at hand.
    mutating func place(of text: String?) -> Int {
        guard let text else { return place(of: UnsafeRawBufferPointer?.none) }
        return Array(text.utf8).withUnsafeBytes { place(of: $0) }
    }

    private static func isSame(_ known: [UInt8]?, _ text: UnsafeRawBufferPointer?) -> Bool {
        guard let known, let text else { return known == nil && text == nil }
        guard known.count == text.count, let start = text.baseAddress else {
            return known.isEmpty && text.isEmpty
        }
        return known.withUnsafeBytes { $0.baseAddress.map { memcmp($0, start, text.count) == 0 } }
            ?? true
    }
}
