import CommandSupport
import Ledger
import Synchronization
import SystemCalls

/// Takes the events of a file to a ledger, in pieces that leave room for deployments.
struct EventFileImport {
    /// Why it stopped, and what to do.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// How many events were added.
    private(set) var appended = 0
    /// How many the ledger had already.
    private(set) var known = 0
    /// The newest event of the ledger afterwards.
    private(set) var head: Head?

    private var writer: BulkWriter

    /// Pieces that are read while one is being added.
    private static let ahead = 2

    init(_ writer: LedgerWriter) {
        self.writer = BulkWriter(writer)
    }

    /// Reads a file to its end; it stops at the first line that cannot be added, and what is before
    /// that line stays.
    mutating func run(_ file: consuming FileDescriptor) throws {
        var progress = ProgressLine()
        defer { progress.clear() }
        defer { writer.finish() }
        let source = SharedFile(file)
        // Reading and checking a file takes about as long as adding what is in it.
        let pieces = try ReadAhead.start(most: Self.ahead) { source.next() }
        while let piece = pieces.next() {
            try add(piece)
            if let problem = piece.problem { throw Problem(description: problem) }
            let share = piece.share.map { ", \($0) %" } ?? ""
            progress.update("importing: \(appended + known) events\(share)")
        }
    }

    private mutating func add(_ piece: EventFile.Piece) throws {
        var next = 0
        while next < piece.events.count {
            let result: BulkResult
            do throws(LedgerError) {
                result = try writer.append(piece.events[next...])
            } catch {
                throw Problem(description: "at line \(piece.lines[next]): \(error)")
            }
            if let began = result.began { Terminal.complain("deploystats: \(began.words)") }
            appended += result.appended
            known += result.known
            head = result.head
            next += result.count
            if let problem = result.problem {
                throw Problem(description: Self.words(problem, line: piece.lines[next]))
            }
            _ = try? Poll.readable([], until: Clock.monotonicMicroseconds() + BulkWriter.pause)
        }
    }

    private static func words(_ problem: BulkResult.Problem, line: Int) -> String {
        switch problem {
        case .contradicted:
            "line \(line): the ledger has another event with this id; one of the two was changed"
        case .refused: "line \(line): the ledger refuses this event"
        }
    }
}

/// A file that another thread reads.
private final class SharedFile: Sendable {
    private let file: Mutex<EventFile>

    init(_ file: consuming FileDescriptor) { self.file = Mutex(EventFile(file)) }

    func next() -> EventFile.Piece? { file.withLock { $0.next() } }
}
