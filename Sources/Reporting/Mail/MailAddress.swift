import Wording

/// A person or list that mail goes to, such as `ops@example.org` or `Ops <ops@example.org>`.
package struct MailAddress: Hashable, Sendable {
    /// Why a text cannot be one, in words.
    package struct Mistake: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    private let name: String
    private let address: String

    /// Reads one; a text with line ends would be able to write headers of its own.
    package init(_ text: String) throws(Mistake) {
        let scalars = text.unicodeScalars
        func wrong(_ problem: String) -> Mistake {
            Mistake(description: "'\(text.escapedForTerminal)' \(problem)")
        }
        guard scalars.allSatisfy({ $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }),
            !scalars.contains("\u{2028}"), !scalars.contains("\u{2029}")
        else { throw wrong("contains a control character") }
        guard text.utf8.count <= 320 else { throw wrong("is too long for an address") }
        if text.last == ">", let open = text.lastIndex(of: "<") {
            let quoted = text[..<open].split(separator: " ").joined(separator: " ")
            name = quoted.filter { $0 != "\"" && $0 != "\\" }
            address = String(text[text.index(after: open)...].dropLast())
        } else {
            (name, address) = ("", text)
        }
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        // An atom each; quoted local parts and literal domains are not worth their dangers.
        let isAddress =
            parts.count == 2
            && parts.allSatisfy { part in
                !part.isEmpty && part.first != "." && part.last != "." && part.first != "-"
                    && part.unicodeScalars.allSatisfy { scalar in
                        scalar.isASCII && scalar.value > 0x20
                            && !"()<>[]:;@\\,\"".unicodeScalars.contains(scalar)
                    }
            }
        guard isAddress else {
            throw wrong("is not an address; write ops@example.org or Ops <ops@example.org>")
        }
    }

    /// As a header has it.
    var encoded: String {
        name.isEmpty ? address : "\(MailText.encoded(word: name)) <\(address)>"
    }
}
