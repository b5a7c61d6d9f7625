extension Connection {
    /// What SQLite finds wrong with the database, one sentence each; empty when it is sound.
    ///
    /// - Parameters:
    ///   - comparesIndexes: whether every index is compared with its table, too: a row that an
    ///     index lacks is missing in answers.
    ///   - limit: how many are given at most.
    /// - Throws: also when a page cannot be read now, which says nothing about what is in it.
    package func damage(comparesIndexes: Bool, limit: Int) throws(SQLiteError) -> [String] {
        _ = ReadFailures.take()
        let pragma = comparesIndexes ? "integrity_check" : "quick_check"
        let found = try prepare("PRAGMA \(pragma)(\(limit))").rows().compactMap { $0[0].text }
        if let failure = ReadFailures.take() { throw SQLiteError(unreadable: failure) }
        return found.filter { $0 != "ok" }
    }
}
