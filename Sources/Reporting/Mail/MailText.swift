import Wording

/// Text as mail carries it.
enum MailText {
    /// A header whose value may have any characters, folded after at most 76 bytes.
    ///
    /// Source: <https://www.rfc-editor.org/rfc/rfc2047>
    static func header(_ name: String, _ value: String) -> String {
        var lines = [name + ":"]
        let words =
            isPlain(value)
            ? value.split(separator: " ").map(String.init) : encodedWords(value)
        for word in words {
            // The line of the name is never left empty.
            let isFirst = lines == [name + ":"]
            if !isFirst, lines[lines.count - 1].utf8.count + 1 + word.utf8.count > 76 {
                lines.append("")
            }
            lines[lines.count - 1] += " " + word
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The name of a person, quoted or encoded.
    static func encoded(word: String) -> String {
        guard isPlain(word) else { return encodedWords(word).joined(separator: "\n ") }
        let isAtom = word.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte) || byte == 0x20
        }
        return isAtom ? word : "\"\(word)\""
    }

    /// Whether a text can stand in a header as it is, and is not read as an encoded word.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !text.contains("=?")
    }

    /// An encoded word may have 75 bytes, but the first one stands beside the header's name.
    private static let longestWord = 62

    /// Encoded words, each of whole characters.
    private static func encodedWords(_ text: String) -> [String] {
        let (before, after) = ("=?utf-8?Q?", "?=")
        let room = longestWord - before.utf8.count - after.utf8.count
        var words: [String] = []
        var word = ""
        for scalar in text.unicodeScalars {
            let code = String(scalar).utf8.map(encoded(byte:)).joined()
            if word.utf8.count + code.utf8.count > room {
                words.append(before + word + after)
                word = ""
            }
            word += code
        }
        return words + [before + word + after]
    }

    private static func encoded(byte: UInt8) -> String {
        switch byte {
        case 0x20: "_"
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: String(Unicode.Scalar(byte))
        default: escape(byte)
        }
    }

    /// No line of a body may be longer, what stands for a line end that is none among it.
    private static let longestLine = 76

    /// A body in lines that every mail server takes.
    ///
    /// Source: <https://www.rfc-editor.org/rfc/rfc2045#section-6.7>
    static func quotedPrintable(_ text: String) -> String {
        var result = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let bytes = Array(line.utf8)
            var length = 0
            for (index, byte) in bytes.enumerated() {
                let isLast = index == bytes.count - 1
                let code = code(byte, isFirst: length == 0, isLast: isLast, line)
                // One more for the sign that the line goes on.
                if length + code.utf8.count > longestLine - (isLast ? 0 : 1) {
                    result += "=\n"
                    length = 0
                }
                result += code
                length += code.utf8.count
            }
            result += "\n"
        }
        result.removeLast()
        return result
    }

    private static func code(
        _ byte: UInt8, isFirst: Bool, isLast: Bool, _ line: Substring
    ) -> String {
        switch byte {
        // Servers cut off blanks at the end, and take a dot alone for the end of all.
        case 0x20, 0x09: isLast ? escape(byte) : String(Unicode.Scalar(byte))
        case 0x2E where isFirst: escape(byte)
        // Mailboxes are split at "From ".
        case 0x46 where isFirst && line.hasPrefix("From "): escape(byte)
        case 0x3D: escape(byte)
        case 0x21...0x7E: String(Unicode.Scalar(byte))
        default: escape(byte)
        }
    }

    private static func escape(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return (digits.utf8.count == 1 ? "=0" : "=") + digits
    }

    /// Wraps lines at a number of columns; continuation lines are indented to the text above them.
    static func wrapped(_ text: String, columns: Int = 72) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { wrapped(line: String($0), columns) }.joined(separator: "\n")
    }

    private static func wrapped(line: String, _ columns: Int) -> String {
        guard line.columnWidth > columns else { return line }
        let blanks = line.prefix { $0 == " " }.count
        let isItem = ["- ", "! "].contains(line.dropFirst(blanks).prefix(2))
        let indent = String(repeating: " ", count: blanks + (isItem ? 2 : 0))
        var lines = [String(repeating: " ", count: blanks)]
        var isEmpty = true
        for word in line.dropFirst(blanks).split(separator: " ") {
            var rest = String(word)
            if !isEmpty {
                if lines[lines.count - 1].columnWidth + 1 + rest.columnWidth > columns {
                    lines.append(indent)
                } else {
                    lines[lines.count - 1] += " "
                }
            }
            // What is longer than a line, such as an address, is cut.
            while lines[lines.count - 1].columnWidth + rest.columnWidth > columns {
                let part = rest.prefix(columns: columns - lines[lines.count - 1].columnWidth)
                lines[lines.count - 1] += part
                rest = String(rest.dropFirst(part.count))
                lines.append(indent)
            }
            lines[lines.count - 1] += rest
            isEmpty = false
        }
        return lines.joined(separator: "\n")
    }
}

extension String {
    /// At least one character of it, and as many as fit.
    fileprivate func prefix(columns: Int) -> Substring {
        var end = startIndex
        var width = 0
        while end < endIndex {
            width += String(self[end]).columnWidth
            if width > columns, end > startIndex { break }
            end = index(after: end)
        }
        return self[..<end]
    }
}
