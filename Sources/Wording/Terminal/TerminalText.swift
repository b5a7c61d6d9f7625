extension String {
    /// The same with everything made visible that could act on a terminal or mislead its reader.
    ///
    /// Control characters move the cursor, set titles or start escape sequences; direction marks
    /// let text read as something else than it is; line separators forge further lines. Joiners
    /// inside emoji and some scripts stay, they change nothing but shapes.
    package var escapedForTerminal: String {
        guard unicodeScalars.contains(where: \.isDangerousOnTerminal) else { return self }
        var result = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{1b}": result += "\\e"
            case let scalar where scalar.isDangerousOnTerminal:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// How many columns a terminal needs for it.
    package var columnWidth: Int {
        // Nearly everything is plain ASCII, one column a byte.
        if utf8.allSatisfy({ $0 < 0x80 }) { return utf8.count }
        return reduce(0) { $0 + $1.columnWidth }
    }

    /// Cut to at most `width` columns, the last one `…` when something was left out.
    package func shortened(toColumns width: Int) -> String {
        if columnWidth <= width { return self }
        var result = ""
        var rest = width - 1
        for character in self {
            rest -= character.columnWidth
            if rest < 0 { break }
            result.append(character)
        }
        return result + "…"
    }
}

extension Unicode.Scalar {
    /// Whether it acts on a terminal or misleads its reader.
    package var isDangerousOnTerminal: Bool {
        if isASCII { return value < 0x20 || value == 0x7f }
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate: return true
        case .format: return value != 0x200c && value != 0x200d
        default: return false
        }
    }

    /// Wide characters take two columns; ranges of Unicode's EastAsianWidth.txt, W and F.
    fileprivate static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115f, 0x231a...0x231b, 0x2329...0x232a, 0x23e9...0x23ec, 0x25fd...0x25fe,
        0x2614...0x2615, 0x2648...0x2653, 0x26a1...0x26a1, 0x26bd...0x26be, 0x26c4...0x26c5,
        0x26d4...0x26d4, 0x26ea...0x26ea, 0x26fd...0x26fd, 0x2705...0x2705, 0x270a...0x270b,
        0x2728...0x2728, 0x274c...0x274c, 0x2753...0x2755, 0x2795...0x2797, 0x27b0...0x27b0,
        0x2b1b...0x2b1c, 0x2b50...0x2b50, 0x2e80...0x303e, 0x3041...0x33ff, 0x3400...0x4dbf,
        0x4e00...0x9fff, 0xa000...0xa4cf, 0xa960...0xa97c, 0xac00...0xd7a3, 0xf900...0xfaff,
        0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6, 0x17000...0x18cff, 0x1b000...0x1b2ff,
        0x1f004...0x1f004, 0x1f0cf...0x1f0cf, 0x1f18e...0x1f18e, 0x1f191...0x1f19a,
        0x1f200...0x1f265, 0x1f300...0x1f64f, 0x1f680...0x1f6ff, 0x1f7e0...0x1f7eb,
        0x1f90c...0x1f9ff, 0x1fa70...0x1faff, 0x20000...0x3fffd,
    ]

    fileprivate var columnWidth: Int {
        if isASCII { return value < 0x20 || value == 0x7f ? 0 : 1 }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: return Self.wide.contains { $0.contains(value) } ? 2 : 1
        }
    }
}

extension Character {
    /// What is drawn as one sign: as wide as its widest part, two for an emoji presentation.
    fileprivate var columnWidth: Int {
        let widest = unicodeScalars.reduce(0) { max($0, $1.columnWidth) }
        return unicodeScalars.contains("\u{fe0f}") ? max(widest, 2) : widest
    }
}
