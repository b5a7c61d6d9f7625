import SQLite
import SystemCalls

@testable import Ledger

/// Summaries as programs wrote them that did not know of lost wrappers.
enum OlderBlocks {
    /// Writes down the oldest blocks of a ledger.
    static func write(_ count: Int64, to connection: Connection) throws {
        let path = Path.parent(of: #filePath) + "/Fixtures/block-content-0006.sql"
        let content = try connection.prepare(
            String(decoding: FileSystem.read(path), as: UTF8.self))
        for block in 0..<count {
            let row = try content.rows(.integer(block))[0]
            try connection.prepare(EmbeddedStatements.writeBlock)
                .run(.integer(block), row[0], row[1], row[2], row[3], row[4])
        }
    }
}
