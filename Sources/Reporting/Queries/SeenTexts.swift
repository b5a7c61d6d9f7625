/// The few different texts of a column with very many rows, each kept once.
struct SeenTexts {
    /// In the order they were first seen.
    private(set) var texts: [String] = []
    private var bytes: [[UInt8]] = []

    /// The place of a text in `texts`.
    mutating func place(of text: UnsafeRawBufferPointer) -> Int {
        for (index, known) in bytes.enumerated()
        where known.count == text.count && known.elementsEqual(text) {
            return index
        }
        bytes.append(Array(text))
        texts.append(String(decoding: text, as: UTF8.self))
        return texts.count - 1
    }
}
