package import SQLite

extension ReportFilter {
    /// What is asked for although no deployment in the ledger has it, in sentences: an answer without
    /// rows would look like a quiet week.
    package func notes(_ connection: Connection) throws(ReportError) -> [String] {
        var notes: [String] = []
        for (label, relation, values) in asked where !values.isEmpty {
            let list = ReportFilter.list(values)
            let missing = try QueryRun(
                NamedQuery.named("unknown-values"), on: connection,
                ["kind": .text(label), "wanted": list]
            ).rest()
            // A lock is asked for under each of its names.
            if label == "lock", missing.count < values.count { continue }
            for row in label == "lock" ? Array(missing.prefix(1)) : missing {
                let value = row.text("value") ?? ""
                let known = row.text("known").flatMap(JSONText.strings) ?? []
                let others =
                    known.isEmpty ? "" : "; it has \(known.joined(separator: ", "))"
                notes.append("the ledger has no deployment \(relation) '\(value)'\(others)")
            }
        }
        return notes
    }

    private var asked: [(label: String, relation: String, values: [String])] {
        [
            ("actor", "of", actors), ("source", "from source", sources), ("tier", "of tier", tiers),
            ("outcome", "with outcome", outcomes), ("lock", "under lock", locks),
            ("event", "set off by event", events), ("branch", "of branch", branches),
            ("sha", "of commit", shas),
        ]
    }
}
