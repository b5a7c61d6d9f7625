import ArgumentParser
import Reporting

/// Labels that every sample gets, so that those of two ledgers on one host differ.
enum SampleLabels {
    typealias Labels = [(name: String, value: String)]

    /// The labels that samples have themselves, and those the format itself uses.
    private static let taken: Set<String> = [
        "tier", "outcome", "reason", "result", "lock", "version", "le", "quantile",
    ]

    /// Reads `NAME=VALUE`, each name once.
    ///
    /// Source of the rules: "Data model", prometheus.io/docs/concepts.
    static func parse(_ options: [String]) throws -> Labels {
        var labels: Labels = []
        for option in options {
            guard let sign = option.firstIndex(of: "=") else {
                throw ValidationError("--label requires NAME=VALUE, not '\(option)'")
            }
            let name = String(option[..<sign])
            let value = String(option[option.index(after: sign)...])
            guard isName(name) else {
                throw ValidationError(
                    "'\(name)' is not a valid label name: letters, digits and _, no digit first "
                        + "and not __")
            }
            if taken.contains(name) {
                throw ValidationError("the label '\(name)' is in use; choose another name")
            }
            if value.isEmpty {
                throw ValidationError(
                    "the label '\(name)' has an empty value, which counts as no label")
            }
            if labels.contains(where: { $0.name == name }) {
                throw ValidationError("the label '\(name)' is given twice")
            }
            labels.append((name, value))
        }
        return labels
    }

    /// The labels given and, unless it is the one of the machine, which ledger it is.
    static func all(_ given: Labels, ledger path: String) -> Labels {
        DeploymentExposition.labels(given, ledger: path)
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first), !text.hasPrefix("__")
        else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "_"): true
            default: false
            }
        }
    }
}
