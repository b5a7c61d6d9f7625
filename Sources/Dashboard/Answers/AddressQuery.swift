import Hummingbird
import Wording

/// What stands behind the question mark of an address, every name of it known.
struct AddressQuery: Sendable {
    private let pairs: [(name: String, value: String)]

    /// - Parameter known: the names that have a meaning at this address.
    /// - Throws: 400 for any other name, and for what cannot be decoded.
    init(_ request: Request, known: [String]) throws(Problem) {
        var pairs: [(name: String, value: String)] = []
        for pair in (request.uri.query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(parts[0], plusIsBlank: true),
                let value = PercentEncoding.decode(
                    parts.count > 1 ? parts[1] : "", plusIsBlank: true)
            else {
                throw .badRequest("the query of the address is not percent-encoded UTF-8")
            }
            guard known.contains(name) else {
                throw .badRequest(
                    "unknown query parameter '\(name)'"
                        + NearMiss.question(name, among: known)
                        + "; known here: \(known.sorted().joined(separator: ", "))")
            }
            guard !value.contains("\0") else {
                throw .badRequest("'\(name)' contains a zero byte")
            }
            pairs.append((name, value))
        }
        self.pairs = pairs
    }

    /// Names and values that were read before.
    init(_ pairs: [(name: String, value: String)]) { self.pairs = pairs }

    /// All values of a name, in their order.
    func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

    /// The value of a name; nil when it is not there.
    ///
    /// - Throws: 400 when it is empty or there twice.
    func one(_ name: String) throws(Problem) -> String? {
        let values = all(name)
        guard values.count < 2 else { throw .badRequest("'\(name)' is given twice") }
        if values.first == "" {
            throw .badRequest("'\(name)' is empty; give it a value or leave it out")
        }
        return values.first
    }

    /// A whole number of a name.
    ///
    /// - Throws: 400 for anything else, or one outside of the range.
    func number(_ name: String, in range: ClosedRange<Int64>) throws(Problem) -> Int64? {
        guard let text = try one(name) else { return nil }
        guard let number = Int64(text), range.contains(number) else {
            throw .badRequest(
                "'\(name)' must be a whole number from \(range.lowerBound) to \(range.upperBound), "
                    + "not '\(text)'")
        }
        return number
    }

    /// Names and values other than some, encoded for another address.
    func encoded(without names: Set<String>) -> [String] {
        pairs.filter { !names.contains($0.name) }
            .map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
    }
}
