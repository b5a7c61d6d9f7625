import SystemCalls

/// A name or address of a host, perhaps with a port, as the `Host` field has it.
package struct HostName: Hashable, Sendable {
    /// In small letters; an IPv6 address in brackets, in its shortest form.
    package let name: String
    /// Nil where none is named.
    package let port: Int?

    /// Nil for what is none.
    package init?(_ text: String) {
        var name = text[...]
        var port: Int?
        if let colon = text.lastIndex(of: ":"), !text[colon...].contains("]") {
            let digits = text[text.index(after: colon)...]
            guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits),
                (1...65535).contains(number)
            else { return nil }
            port = number
            name = text[..<colon]
        }
        if name.first == "[", name.last == "]" {
            let address = String(name.dropFirst().dropLast())
            guard address.contains(":"), let parsed = IPAddress(address) else { return nil }
            self.name = "[\(parsed.text)]"
        } else {
            guard !name.isEmpty, name.utf8.allSatisfy(Self.isPartOfName) else { return nil }
            self.name = name.lowercased()
        }
        self.port = port
    }

    private static func isPartOfName(_ byte: UInt8) -> Bool {
        switch Unicode.Scalar(byte) {
        case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_": true
        default: false
        }
    }
}
