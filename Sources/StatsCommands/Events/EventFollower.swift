import ArgumentParser
import CommandSupport
import Glibc
import Ledger
import Queries
import Reporting
import SQLite
import SystemCalls

/// Prints events as they are written, until it is told to stop or nobody reads any more.
struct EventFollower {
    let path: String
    let window: PartialWindow
    let filter: ReportFilter
    let stream: RowStream

    private static let pauseMicroseconds: Int64 = 200_000

    /// Prints the newest `limit` events, all for nil, then every new one.
    func run(limit: Int64?) throws {
        let end = StopSignals()
        var ledger = try Failure.wrap { try Followed(path: path) }
        try stream.begin()
        try printNew(&ledger, limit: limit)
        while !end.comes(within: Self.pauseMicroseconds), !StandardOutput.readerIsGone {
            if ledger.isReplaced {
                // Between the old file's end and the new one's first event there is nothing to
                // read; a later round finds it.
                guard let next = try? Followed(path: path) else { continue }
                // What reached the old file before it was set aside.
                try printNew(&ledger, limit: nil)
                ledger = next
            }
            try printNew(&ledger, limit: nil)
        }
    }

    private func printNew(_ ledger: inout Followed, limit: Int64?) throws {
        do {
            let events = try EventList(
                ledger.reader.connection, window: window, filter: filter, after: ledger.seq,
                limit: limit)
            while let event = try events.next() {
                try stream.write(event)
                ledger.seq = event.seq
            }
        } catch let error as ReportError {
            // A damaged ledger is about to be replaced by the next deployment; wait for that.
            guard case .database(_, let cause) = error, cause.isBusy || ledger.isReplaced else {
                throw Failure.because("\(error)")
            }
        }
        try stream.flush()
    }
}

/// An open ledger and how far it was read.
private struct Followed {
    let reader: LedgerReader
    let path: String
    let identity: FileStatus.Identity
    var seq: Int64 = 0

    init(path: String) throws {
        self.path = path
        reader = try LedgerReader(path: path)
        identity = try FileSystem.status(path).identity
    }

    /// Whether another file has the name now, or none.
    var isReplaced: Bool { (try? FileSystem.status(path).identity) != identity }
}
