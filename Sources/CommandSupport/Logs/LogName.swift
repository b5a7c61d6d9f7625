package import Ledger

/// The name of a file with the kept output of a deployment: its number and its id, so that each is
/// found by either.
package struct LogName: Hashable, Sendable {
    /// The deployment's number.
    package let number: Int64
    /// The deployment.
    package let deployment: EventID
    /// Whether it was compressed.
    package var isCompressed = false

    private static let ending = ".log"
    private static let compressed = ".gz"

    /// The name of what is written now.
    package init(number: Int64, deployment: EventID) {
        self.number = number
        self.deployment = deployment
    }

    /// Reads a name; nil for every other one.
    package init?(_ text: String) {
        var rest = text[...]
        if rest.hasSuffix(Self.compressed) {
            isCompressed = true
            rest.removeLast(Self.compressed.count)
        }
        guard rest.hasSuffix(Self.ending), let dash = rest.firstIndex(of: "-"),
            let number = Int64(rest[..<dash]), number >= 0,
            let deployment = EventID(
                String(rest[rest.index(after: dash)...].dropLast(Self.ending.count)))
        else { return nil }
        self.number = number
        self.deployment = deployment
        // No other way to write it.
        if self.text != text { return nil }
    }

    /// As it stands in a directory.
    package var text: String {
        "\(number)-\(deployment)\(Self.ending)\(isCompressed ? Self.compressed : "")"
    }

    /// The same once it has been compressed, or before.
    package func compressed(_ isCompressed: Bool) -> LogName {
        var name = self
        name.isCompressed = isCompressed
        return name
    }
}
