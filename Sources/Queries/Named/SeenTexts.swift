import Glibc

/// The few different texts of a column with very many rows, each kept once.
package struct SeenTexts {
    /// In the order they were first seen.
    package private(set) var texts: [String] = []
    private var bytes: [[UInt8]] = []
    /// Often the same comes again.
    private var last = 0

    package init() {}

    /// The place of a text in `texts`.
    package mutating func place(of text: UnsafeRawBufferPointer) -> Int {
        if last < bytes.count, Self.isSame(bytes[last], text) { return last }
        last = bytes.firstIndex { Self.isSame($0, text) } ?? bytes.count
        if last == bytes.count {
            bytes.append(Array(text))
            texts.append(String(decoding: text, as: UTF8.self))
        }
        return last
    }

    /// The same for a text that is at hand.
    package mutating func place(of text: String) -> Int {
        Array(text.utf8).withUnsafeBytes { place(of: $0) }
    }

    private static func isSame(_ known: [UInt8], _ text: UnsafeRawBufferPointer) -> Bool {
        guard known.count == text.count, let start = text.baseAddress else {
            return known.isEmpty && text.isEmpty
        }
        return known.withUnsafeBytes { $0.baseAddress.map { memcmp($0, start, text.count) == 0 } }
            ?? true
    }
}
