/// Where the lines of a summary's list are in the list of all summaries.
struct LineInterner {
    /// For each line of the current summary.
    package private(set) var ofSummary: [Int] = []
    private var known: [[UInt8]: Int] = [:]
    private var text: [UInt8] = []

    /// - Parameter add: decodes a line that was not there before and adds it to the list of all.
    package mutating func read(_ bytes: UnsafeRawBufferPointer, add: (String) -> Bool) -> Bool {
        // Most summaries have the same locks as the one before.
        if text.elementsEqual(bytes) { return true }
        text = Array(bytes)
        ofSummary.removeAll(keepingCapacity: true)
        if text.isEmpty { return true }
        for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let key = Array(line)
            if let place = known[key] {
                ofSummary.append(place)
            } else {
                guard add(String(decoding: key, as: UTF8.self)) else { return false }
                ofSummary.append(known.count)
                known[key] = known.count
            }
        }
        return true
    }
}

/// Whole numbers between commas and line ends; nothing between them is `unknown`.
struct IntegerReader {
    package let bytes: UnsafeRawBufferPointer
    private var position = 0
    /// Whether there was nothing but numbers so far.
    package private(set) var isSound = true

    package init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    package var isAtEnd: Bool { position >= bytes.count }

    @inline(__always)
    package mutating func next() -> Int64 {
        var value: Int64 = 0
        var digits = 0
        var isNegative = false
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            let digit = byte &- UInt8(ascii: "0")
            if digit < 10 {
                value = value &* 10 &+ Int64(digit)
                digits += 1
            } else if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") {
                break
            } else if byte == UInt8(ascii: "-"), digits == 0, !isNegative {
                isNegative = true
            } else {
                isSound = false
            }
        }
        // Eighteen digits fit for certain.
        if digits > 18 || isNegative && digits == 0 { isSound = false }
        if digits == 0 { return MeasuredDeployment.unknown }
        return isNegative ? -value : value
    }
}
