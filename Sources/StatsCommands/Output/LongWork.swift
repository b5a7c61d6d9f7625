import CommandSupport
import Ledger
import SQLite
import SystemCalls

/// Says on a terminal what is being done when that takes longer than people like to wait.
final class LongWork {
    private var line = ProgressLine()
    private var step: String
    private let began = Clock.monotonicMicroseconds()

    /// Begins; nothing is shown yet.
    ///
    /// - Parameter step: what is done first, such as `reading deployments`.
    init(_ step: String) { self.step = step }

    /// What is done from now on.
    func goOn(_ step: String) {
        self.step = step
        tell()
    }

    private func tell() {
        line.update("\(step) (\((Clock.monotonicMicroseconds() - began) / 1_000_000) s)")
    }

    /// Reads a ledger, and takes the line away when that is done.
    func read<Result>(_ reader: LedgerReader, _ work: () throws -> Result) throws -> Result {
        defer { line.clear() }
        return try Failure.wrap { try reader.connection.whileTicking(tell, work) }
    }
}
