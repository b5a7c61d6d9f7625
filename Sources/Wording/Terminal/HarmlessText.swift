/// Makes what a program printed harmless for a terminal, piece by piece.
///
/// Colours and other control sequences are left out, every other control character is made
/// visible, what is not UTF-8 becomes `�`, and a carriage return, by which a progress bar draws over
/// its own line, begins a new line.
package struct HarmlessText: Sendable {
    /// What the next piece decides: an incomplete character or control sequence.
    private var pending: [UInt8] = []
    private var isAtLineStart = true

    /// Longer than any control sequence that is one.
    private static let longestSequence = 64
    private static let (escape, bracket) = (UInt8(0x1b), UInt8(ascii: "["))
    private static let (newline, tab) = (UInt8(ascii: "\n"), UInt8(ascii: "\t"))
    private static let carriageReturn = UInt8(ascii: "\r")

    /// Begins at the start of a line.
    package init() {}

    /// All of a text.
    package static func of(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var text = Self()
        return text.next(bytes) + text.end()
    }

    /// What can be shown once the next piece is there.
    package mutating func next(_ piece: some Collection<UInt8>) -> [UInt8] {
        let bytes = pending + piece
        pending = []
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 8)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if (0x20..<0x7f).contains(byte) || byte == Self.tab {
                result.append(byte)
                isAtLineStart = false
                index += 1
                continue
            }
            guard let length = take(bytes[index...], &result) else {
                pending = Array(bytes[index...])
                break
            }
            index += length
        }
        return result
    }

    /// What is left at the end of the text.
    package mutating func end() -> [UInt8] {
        var result: [UInt8] = []
        if pending.first == Self.carriageReturn {
            breakLine(&result)
        } else if !pending.isEmpty {
            append(pending.first == Self.escape ? pending[...] : [0xef, 0xbf, 0xbd], &result)
        }
        pending = []
        return result
    }

    /// Takes what begins with something else than plain text; the number of bytes, nil when more is
    /// needed to know.
    private mutating func take(_ bytes: ArraySlice<UInt8>, _ result: inout [UInt8]) -> Int? {
        let first = bytes[bytes.startIndex]
        switch first {
        case Self.newline:
            result.append(first)
            isAtLineStart = true
            return 1
        case Self.carriageReturn: return takeReturns(bytes, &result)
        case Self.escape: return takeSequence(bytes, &result)
        case ..<0x80:
            append(bytes.prefix(1), &result)
            return 1
        default: return takeCharacter(bytes, &result)
        }
    }

    /// Any number of returns before the end of a line are none.
    private mutating func takeReturns(_ bytes: ArraySlice<UInt8>, _ result: inout [UInt8]) -> Int? {
        let count = bytes.prefix { $0 == Self.carriageReturn }.count
        guard let next = bytes.dropFirst(count).first else {
            return count > Self.longestSequence ? count - 1 : nil
        }
        if next != Self.newline, !isAtLineStart { breakLine(&result) }
        return count
    }

    private mutating func breakLine(_ result: inout [UInt8]) {
        result.append(Self.newline)
        isAtLineStart = true
    }

    /// Control sequences, ECMA-48 5.4: `ESC [`, parameters, intermediate bytes and a final byte.
    private mutating func takeSequence(_ bytes: ArraySlice<UInt8>, _ result: inout [UInt8]) -> Int?
    {
        let rest = bytes.dropFirst()
        guard let second = rest.first else { return nil }
        guard second == Self.bracket else {
            append(bytes.prefix(1), &result)
            return 1
        }
        let inner = rest.dropFirst().prefix(Self.longestSequence).prefix {
            (0x20..<0x40).contains($0)
        }
        guard let final = rest.dropFirst(1 + inner.count).first else {
            if inner.count < Self.longestSequence { return nil }
            append(bytes.prefix(1), &result)
            return 1
        }
        if (0x40..<0x7f).contains(final) { return inner.count + 3 }
        append(bytes.prefix(1), &result)
        return 1
    }

    private mutating func takeCharacter(
        _ bytes: ArraySlice<UInt8>, _ result: inout [UInt8]
    ) -> Int? {
        let first = bytes[bytes.startIndex]
        let length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
        let whole = bytes.prefix(length)
        guard first >= 0xc2, first < 0xf5, !whole.dropFirst().contains(where: { $0 & 0xc0 != 0x80 })
        else {
            append([0xef, 0xbf, 0xbd], &result)
            return 1
        }
        if whole.count < length { return nil }
        guard let text = String(validating: whole, as: UTF8.self) else {
            append([0xef, 0xbf, 0xbd], &result)
            return 1
        }
        append(Array(text.utf8)[...], &result)
        return length
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>, _ result: inout [UInt8]) {
        result += String(decoding: bytes, as: UTF8.self).escapedForTerminal.utf8
        isAtLineStart = false
    }
}
