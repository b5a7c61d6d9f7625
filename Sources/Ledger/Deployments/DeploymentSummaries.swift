package import SQLite

/// What a block of deployments holds, as Statements/block-content.sql describes it.
///
/// Only good for as long as it is handed to somebody: the bytes lie in memory of SQLite.
package struct BlockContent {
    /// When the first thing of these deployments happened, in UTC µs; nil when nothing has.
    package let fromUs: Int64?
    /// Their locks.
    package let locks: UnsafeRawBufferPointer
    /// What kinds of deployment they are.
    package let kinds: UnsafeRawBufferPointer
    /// The deployments.
    package let lines: UnsafeRawBufferPointer
}

/// The deployments in blocks of 256, as metrics read them; see migrations/0001_ledger.sql.
///
/// For as long as one transaction: what is missing is computed once and kept.
package final class DeploymentSummaries {
    private let connection: Connection
    private var computed: [ComputedBlock]?

    /// How many deployments a block has; the newest one may have fewer.
    package static let size: Int64 = 256

    /// Written at one occasion at most: who appends shall not be held up by more.
    private static let mostWritten: Int64 = 8

    /// The blocks of a ledger that is open.
    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// Hands every block of which something happened in a window to `body`, until that returns
    /// false; whether it never did.
    package func read(
        sinceUs: Int64, untilUs: Int64, _ body: (BlockContent) -> Bool
    ) throws(SQLiteError) -> Bool {
        let filled = try connection.prepare(EmbeddedStatements.filledBlocks)
        try filled.bind([.integer(sinceUs), .integer(untilUs)])
        while try filled.step() {
            if !filled.withBlock(body) { return false }
        }
        for block in try missingBlocks() where block.fromUs < untilUs && block.toUs >= sinceUs {
            if !block.withBlock(body) { return false }
        }
        return true
    }

    /// How many deployments `read` gives, or some more.
    package func mostDeployments(sinceUs: Int64, untilUs: Int64) throws(SQLiteError) -> Int {
        let filled =
            try connection.prepare(EmbeddedStatements.countFilledBlocks)
            .rows(.integer(sinceUs), .integer(untilUs)).first?.first?.integer ?? 0
        return (Int(filled) + (try missingBlocks().count)) * Int(Self.size)
    }

    private func missingBlocks() throws(SQLiteError) -> [ComputedBlock] {
        if let computed { return computed }
        var blocks: [ComputedBlock] = []
        let (count, newest) = try count()
        if let newest {
            let content = try connection.prepare(EmbeddedStatements.blockContent)
            for block in try missing(upTo: newest, limit: newest + 1 - count) {
                try content.bind([.integer(block)])
                if try content.step(), let block = ComputedBlock(content) { blocks.append(block) }
            }
        }
        computed = blocks
        return blocks
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
    ///
    /// - Parameter blocks: which are looked at; nil for all.
    func changed(among blocks: Set<Int64>? = nil) throws(SQLiteError) -> [Int64] {
        let content = try connection.prepare(EmbeddedStatements.blockContent)
        let written = try connection.prepare(EmbeddedStatements.writtenBlocks)
        var changed: [Int64] = []
        let ranges = blocks.map { $0.sorted().map { $0...$0 } } ?? [0...Int64.max]
        for range in ranges {
            try written.bind([.integer(range.lowerBound), .integer(range.upperBound)])
            while try written.step() {
                let row = written.row
                let wanted = try content.rows(row[0]).first
                if wanted.map({ Array($0.prefix(5)) }) != Array(row.dropFirst()) {
                    changed.append(row[0].integer ?? 0)
                }
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

/// A block that is not written down.
private struct ComputedBlock {
    let fromUs: Int64
    let toUs: Int64
    private let locks: [UInt8]
    private let kinds: [UInt8]
    private let lines: [UInt8]

    /// Nil when nothing has happened in it.
    init?(_ row: Statement) {
        guard let from = row.value(at: 0).integer, let to = row.value(at: 1).integer else {
            return nil
        }
        (fromUs, toUs) = (from, to)
        locks = row.withBytes(at: 2) { Array($0) }
        kinds = row.withBytes(at: 3) { Array($0) }
        lines = row.withBytes(at: 4) { Array($0) }
    }

    func withBlock<Result>(_ body: (BlockContent) -> Result) -> Result {
        locks.withUnsafeBytes { locks in
            kinds.withUnsafeBytes { kinds in
                lines.withUnsafeBytes { lines in
                    body(BlockContent(fromUs: fromUs, locks: locks, kinds: kinds, lines: lines))
                }
            }
        }
    }
}

extension Statement {
    /// The block of a row of `filled-blocks.sql`.
    fileprivate func withBlock<Result>(_ body: (BlockContent) -> Result) -> Result {
        withBytes(at: 2) { locks in
            withBytes(at: 3) { kinds in
                withBytes(at: 4) { lines in
                    body(
                        BlockContent(
                            fromUs: value(at: 0).integer, locks: locks, kinds: kinds, lines: lines))
                }
            }
        }
    }
}
