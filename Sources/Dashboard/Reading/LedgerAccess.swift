import Ledger
import NIOPosix
import Queries

/// Reading the ledger on threads of its own: SQLite waits, and the threads of the server must not.
struct LedgerAccess: Sendable {
    /// Who reads; each has a thread of its own, so that no slow query holds up the pages.
    enum Lane: CaseIterable {
        case watcher, pages, trends, queries
    }

    let settings: LedgerSettings
    private let threads: [Lane: NIOThreadPool]
    /// Where those wait for each other that may take long.
    private let desk = QueryDesk()

    init(_ settings: LedgerSettings) {
        self.settings = settings
        threads = Dictionary(
            uniqueKeysWithValues: Lane.allCases.map { lane in
                let pool = NIOThreadPool(numberOfThreads: 1)
                pool.start()
                return (lane, pool)
            })
    }

    /// Reads in one go, with the ledger opened for that alone: it may have been replaced meanwhile.
    ///
    /// - Parameter longest: after how many µs the reading is given up.
    /// - Throws: `Problem` for what keeps the ledger from being read.
    func read<Result: Sendable>(
        _ lane: Lane = .pages, within longest: Int64 = 10_000_000,
        _ body: @escaping @Sendable (LedgerReader) throws -> Result
    ) async throws -> Result {
        do {
            return try await run(lane) {
                let reader = try LedgerReader(path: settings.path)
                AnswerLimit(microseconds: longest).watch(reader.connection)
                return try body(reader)
            }
        } catch {
            throw Problem(reading: error) ?? error
        }
    }

    /// Something else that waits.
    ///
    /// - Throws: 503 when too much waits already for the lane of queries.
    func run<Result: Sendable>(
        _ lane: Lane, _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        guard let thread = threads[lane] else { return try body() }
        if lane == .queries { return try await desk.run { try await thread.runIfActive(body) } }
        return try await thread.runIfActive(body)
    }
}
