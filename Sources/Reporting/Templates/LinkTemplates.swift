import Queries
import Wording

/// Addresses that numbers and commits of a report lead to, such as
/// `commit=https://github.com/o/r/commit/{sha}`.
package struct LinkTemplates: Sendable {
    /// Why one cannot be used, in words.
    package struct Mistake: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// What can be a link, and what of it the address can name.
    private static let kinds = ["commit": ["sha"], "deployment": ["number", "id"]]

    private let addresses: [String: String]

    /// None.
    package static let none = LinkTemplates(addresses: [:])

    private init(addresses: [String: String]) {
        self.addresses = addresses
    }

    /// Addresses of our own, with `{sha}` and `{number}` in them.
    package init(commit: String, deployment: String) {
        addresses = ["commit": commit, "deployment": deployment]
    }

    /// Each as `KIND=ADDRESS`.
    package init(_ texts: [String]) throws(Mistake) {
        var addresses: [String: String] = [:]
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1)
            let shown = text.escapedForTerminal
            guard parts.count == 2, let names = Self.kinds[String(parts[0])] else {
                throw Mistake(
                    description: "'\(shown)' is not a link: write commit=https://… with {sha}, or "
                        + "deployment=https://… with {number} or {id}")
            }
            let address = String(parts[1])
            guard WebAddress.isSafe(address) else {
                throw Mistake(
                    description: "the address of '\(shown)' must begin with https:// or http:// "
                        + "and have no blanks")
            }
            let used = address.matches(of: /{([^}]*)}/).map { String($0.1) }
            if let unknown = used.first(where: { !names.contains($0) }) {
                throw Mistake(
                    description: "unknown {\(unknown.escapedForTerminal)} in '\(shown)'; use "
                        + names.map { "{\($0)}" }.joined(separator: " or "))
            }
            guard !used.isEmpty else {
                throw Mistake(
                    description: "'\(shown)' would lead everywhere to the same place; use "
                        + names.map { "{\($0)}" }.joined(separator: " or "))
            }
            addresses[String(parts[0])] = address
        }
        self.addresses = addresses
    }

    /// The address of a thing of that kind; nil without one, or when it names what is not known.
    func address(_ kind: String, _ values: [String: String?]) -> String? {
        guard var address = addresses[kind] else { return nil }
        for (name, value) in values {
            guard address.contains("{\(name)}") else { continue }
            guard let value else { return nil }
            address = address.split(separator: "{\(name)}", omittingEmptySubsequences: false)
                .joined(separator: WebAddress.encoded(value))
        }
        return address.contains("{") ? nil : address
    }
}

/// Addresses of the web in text from outside.
package enum WebAddress {
    /// Whether following it does no more than open a page: no other scheme, nothing that is not seen.
    package static func isSafe(_ text: String) -> Bool {
        let lower = text.lowercased()
        return (lower.hasPrefix("https://") || lower.hasPrefix("http://"))
            && text.utf8.count <= 2000
            && text.unicodeScalars.allSatisfy { $0.isASCII && $0.value > 0x20 && $0.value != 0x7F }
    }

    /// Text as part of a path or a value.
    package static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let scalar = Unicode.Scalar(byte)
            let isPlain =
                scalar.isASCII
                && (scalar.properties.isAlphabetic
                    || "0123456789-._~".unicodeScalars.contains(scalar))
            return isPlain ? String(scalar) : (byte < 16 ? "%0" : "%") + String(byte, radix: 16)
        }.joined()
    }
}

extension ReportList {
    /// What the cells of its table lead to.
    func links(_ templates: LinkTemplates) -> [[String?]] {
        let shown = columns
        return rows.map { row in
            shown.map { column in
                switch column.name {
                case "number":
                    let number = row.integer("number").map(String.init)
                    return templates.address(
                        "deployment", ["number": number, "id": row.text("id")])
                        ?? row.text("run_url").flatMap { WebAddress.isSafe($0) ? $0 : nil }
                case let name where name.hasSuffix("_number"):
                    let number = row.integer(name).map(String.init)
                    return templates.address("deployment", ["number": number, "id": nil])
                case let name where name.hasSuffix("sha"):
                    return templates.address("commit", ["sha": row.text(name)])
                default: return nil
                }
            }
        }
    }
}
