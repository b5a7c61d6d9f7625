import SystemCalls
import TestSupport
import Testing

/// Each file of `reports/` must run alone in the sqlite3 shell, so what several of them have to say is
/// written in each of them; here the copies are held against each other.
@Suite("Clauses that SQL files share")
struct SharedClauseTests {
    /// A clause, and the text that begins it; it ends where its last parenthesis closes.
    private static let clauses =
        [
            (name: "the filter", start: "(:actors IS NULL", last: "(:shas IS NULL"),
            (name: "every_lock", start: "every_lock AS", last: nil),
            (name: "run_by_address", start: "run_by_address (run, deployment) AS", last: nil),
            (name: "run_by_commit", start: "run_by_commit (run, deployment) AS", last: nil),
            (name: "the state", start: "coalesce(outcome, iif", last: nil),
            (name: "the clock", start: "CAST(round((julianday('now')", last: nil),
            (name: "repeats", start: "(SELECT first.delivered_by FROM", last: nil),
        ] as [(name: String, start: String, last: String?)]

    /// One copy: where it is, and its words without comments, blanks and aliases of tables.
    private struct Copy {
        let place: String
        let words: String
    }

    private static func copies(start: String, last: String?) throws -> [Copy] {
        // The summaries have to say the same as the queries.
        let summaries = Repository.path("Sources/Ledger/Statements/block-content.sql")
        return try (ReportFiles.all().map(\.path) + [summaries]).flatMap { path -> [Copy] in
            let text = plain(String(decoding: try FileSystem.read(path), as: UTF8.self))
            return text.ranges(of: start).map { range in
                let from = last.flatMap { text[range.lowerBound...].firstRange(of: $0)?.lowerBound }
                let line = text[..<range.lowerBound].count { $0 == "\n" } + 1
                let clause = text[range.lowerBound..<end(text, from ?? opening(text, range))]
                return Copy(
                    place: "\(path):\(line)",
                    words: clause.split(whereSeparator: \.isWhitespace).joined(separator: " "))
            }
        }
    }

    /// Without comments and the names of tables before those of columns; lines stay lines.
    private static func plain(_ sql: String) -> String {
        sql.replacing(/--[^\n]*/, with: "")
            .replacing(/\b(?:d|e|x|deployment|covered)\.(?=[a-z_]+\b)/, with: "")
    }

    /// Where a clause has its parenthesis: behind the columns of a common table expression.
    private static func opening(_ text: String, _ start: Range<String.Index>) -> String.Index {
        text[start].hasSuffix("AS") ? start.upperBound : start.lowerBound
    }

    /// Behind the parenthesis that closes the first one that opens.
    private static func end(_ text: String, _ start: String.Index) -> String.Index {
        var depth = 0
        var index = start
        while index < text.endIndex {
            let sign = text[index]
            index = text.index(after: index)
            if sign == "(" { depth += 1 }
            if sign == ")" {
                depth -= 1
                if depth == 0 { break }
            }
        }
        return index
    }

    @Test(arguments: clauses.indices)
    func `the copies of a shared clause say the same`(index: Int) throws {
        let clause = Self.clauses[index]
        let copies = try Self.copies(start: clause.start, last: clause.last)
        let first = try #require(copies.first, "\(clause.name) is in no file")
        for copy in copies {
            #expect(
                copy.words == first.words,
                "\(copy.place): \(clause.name) differs from \(first.place)")
        }
    }

    @Test(arguments: [
        "actors", "sources", "tiers", "outcomes", "locks", "events", "branches", "shas",
    ])
    func `the parameters of the filter are described alike`(name: String) throws {
        var known: (place: String, line: String)?
        for file in try ReportFiles.all() where file.name != "find-deployment" {
            let text = String(decoding: try FileSystem.read(file.path), as: UTF8.self)
            for line in text.split(separator: "\n") where line.hasPrefix("-- param \(name) ") {
                let first = known ?? (file.path, String(line))
                known = first
                #expect(line == first.line, "\(file.path) differs from \(first.place)")
            }
        }
        #expect(known != nil)
    }

    @Test func `a deployment that went straight through is told alike`() throws {
        for file in try ReportFiles.all() {
            let text = Self.plain(String(decoding: try FileSystem.read(file.path), as: UTF8.self))
            for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
                .enumerated() where line.contains("wait_us < ")
            {
                #expect(
                    line.contains("acquired_at_us IS NOT NULL AND ahead = 0 AND wait_us < 10000"),
                    "\(file.path):\(number + 1)")
            }
        }
    }
}
