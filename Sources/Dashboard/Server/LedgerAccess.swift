import Ledger
import NIOPosix

/// Reading the ledger on threads of its own: SQLite waits, and the threads of the server must not.
struct LedgerAccess: Sendable {
    /// Who reads; each has a thread of its own, so that no slow query holds up the pages.
    enum Lane: CaseIterable {
        case watcher, pages, queries
    }

    let settings: LedgerSettings
    private let threads: [Lane: NIOThreadPool]

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
    func read<Result: Sendable>(
        _ lane: Lane = .pages, _ body: @escaping @Sendable (LedgerReader) throws -> Result
    ) async throws -> Result {
        try await run(lane) { try body(LedgerReader(path: settings.path)) }
    }

    /// Something else that waits.
    func run<Result: Sendable>(
        _ lane: Lane, _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        guard let thread = threads[lane] else { return try body() }
        return try await thread.runIfActive(body)
    }
}
