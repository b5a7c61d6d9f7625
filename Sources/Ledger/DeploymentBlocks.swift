public import SQLite

/// The deployments in blocks of 256, as metrics read them; see migrations/0006_summaries.sql.
public struct DeploymentBlocks {
    private let connection: Connection

    /// Written at one occasion at most: who appends shall not be held up by more.
    private static let mostWritten: Int64 = 8

    /// The blocks of a ledger that is open.
    public init(_ connection: Connection) {
        self.connection = connection
    }

    /// Hands every block of which something happened in a window to `body`, until that returns
    /// false; whether it never did.
    ///
    /// - Parameter body: gets a row of `from_us`, `to_us`, `locks`, `kinds` and `lines`, as
    ///   Statements/block-content.sql describes them.
    public func read(
        sinceUs: Int64, untilUs: Int64, _ body: (Statement) -> Bool
    ) throws(SQLiteError) -> Bool {
        let filled = try connection.prepare(EmbeddedStatements.filledBlocks)
        try filled.bind([.integer(sinceUs), .integer(untilUs)])
        while try filled.step() {
            if !body(filled) { return false }
        }
        let (count, newest) = try count()
        guard let newest else { return true }
        let content = try connection.prepare(EmbeddedStatements.blockContent)
        for block in try missing(upTo: newest, limit: newest + 1 - count) {
            try content.bind([.integer(block)])
            guard try content.step(), let to = content.value(at: 1).integer, to >= sinceUs,
                let from = content.value(at: 0).integer, from < untilUs
            else { continue }
            if !body(content) { return false }
        }
        return true
    }

    /// Writes down blocks that are missing, but for the last two: their deployments still change.
    func write() throws(SQLiteError) {
        let (count, newest) = try count()
        guard let newest, newest >= 2, newest - 1 > count else { return }
        let limit = min(newest - 1 - count, Self.mostWritten)
        let content = try connection.prepare(EmbeddedStatements.blockContent)
        let write = try connection.prepare(EmbeddedStatements.writeBlock)
        for block in try missing(upTo: newest - 2, limit: limit) {
            try content.bind([.integer(block)])
            guard try content.step(), content.value(at: 1) != .null, content.value(at: 5) == 1
            else { continue }
            let row = content.row
            content.reset()
            try write.run(.integer(block), row[0], row[1], row[2], row[3], row[4])
        }
    }

    /// The numbers of the blocks that do not say what the table of deployments says.
    func changed() throws(SQLiteError) -> [Int64] {
        let content = try connection.prepare(EmbeddedStatements.blockContent)
        let all = try connection.prepare(EmbeddedStatements.allBlocks)
        var changed: [Int64] = []
        while try all.step() {
            let row = all.row
            let wanted = try content.rows(row[0]).first
            if wanted.map({ Array($0.prefix(5)) }) != Array(row.dropFirst()) {
                changed.append(row[0].integer ?? 0)
            }
        }
        return changed
    }

    private func count() throws(SQLiteError) -> (written: Int64, newest: Int64?) {
        let row = try connection.prepare(EmbeddedStatements.countBlocks).rows().first
        return (row?[0].integer ?? 0, row?[1].integer)
    }

    private func missing(upTo block: Int64, limit: Int64) throws(SQLiteError) -> [Int64] {
        try connection.prepare(EmbeddedStatements.missingBlocks)
            .rows(.integer(block), .integer(limit)).compactMap { $0[0].integer }
    }
}
