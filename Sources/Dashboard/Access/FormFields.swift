/// What a form sends, or a query has; of a name that comes twice, the first.
struct FormFields {
    private let values: [String: String]

    init(_ text: some StringProtocol) {
        var values: [String: String] = [:]
        for pair in String(text).split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(parts[0], plusIsBlank: true),
                let value = PercentEncoding.decode(
                    parts.count > 1 ? parts[1] : "", plusIsBlank: true),
                values[name] == nil
            else { continue }
            values[name] = value
        }
        self.values = values
    }

    /// Nil for one that is missing or empty.
    subscript(_ name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }
}
