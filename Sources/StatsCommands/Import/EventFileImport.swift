import CommandSupport
import Glibc
import JSON
import Ledger
import SystemCalls
import Wording

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

    private let writer: LedgerWriter
    /// Events with the line their record is on.
    private var waiting: [(event: EventLine, line: Int)] = []

    /// Events handed to the ledger at a time.
    private static let most = 4000
    /// What others get between two pieces, in µs.
    private static let pause: Int64 = 2000
    /// What the second line of an event begins with.
    private static let attachment = Array("{\"detail\":".utf8)

    init(_ writer: LedgerWriter) {
        self.writer = writer
    }

    /// Reads a file to its end; it stops at the first line that cannot be added, and what is before
    /// that line stays.
    mutating func run(_ file: consuming FileDescriptor) throws {
        let size = (try? file.status().size) ?? 0
        var reader = LineReader(file, longest: EventLine.longest)
        var progress = ProgressLine()
        defer { progress.clear() }
        do {
            // An event is one line or two, so the next line decides when one is complete.
            var record: (text: [UInt8], line: Int)?
            while let line = try reader.next() {
                if line.starts(with: Self.attachment) {
                    guard let first = record else {
                        throw Problem(description: "line \(reader.line) belongs to no event")
                    }
                    try add(first.text + [UInt8(ascii: "\n")] + line, line: first.line)
                    record = nil
                } else {
                    if let first = record { try add(first.text, line: first.line) }
                    record = line.isEmpty ? nil : (Array(line), reader.line)
                }
                if waiting.count >= Self.most {
                    try flush()
                    let share = size > 0 ? ", \(min(99, reader.bytesRead * 100 / Int(size))) %" : ""
                    progress.update("importing: \(appended + known) events\(share)")
                }
            }
            if let first = record { try add(first.text, line: first.line) }
        } catch let error as LineReader.TooLong {
            try flush()
            throw Problem(description: "line \(error.line) is too long for an event")
        } catch let error as SystemError {
            try flush()
            throw Problem(description: "it cannot be read on: \(error.reason)")
        } catch let problem as Problem {
            try flush()
            throw problem
        }
        try flush()
    }

    private mutating func add(_ bytes: [UInt8], line: Int) throws {
        let text = String(validating: bytes, as: UTF8.self).map { EventText($0 + "\n") }
        switch text {
        case .line(let event): waiting.append((event, line))
        case .newer:
            throw Problem(
                description: "line \(line) is an event of a later version; install that first")
        case .unreadable, nil:
            throw Problem(
                description: "line \(line) is not an event as 'deploystats export' writes it: "
                    + Self.words(EventFlaw(of: String(decoding: bytes, as: UTF8.self))))
        }
    }

    private static func words(_ flaw: EventFlaw) -> String {
        switch flaw {
        case .notCanonical:
            "it is not one JSON object with its keys in order, whole numbers and no blanks between"
        case .member(let flaw): flaw.words
        case .detail: "the detail behind it is not the one it was recorded with"
        }
    }

    private mutating func flush() throws {
        var rest = waiting[...]
        while let first = rest.first {
            let result: BulkResult
            do throws(LedgerError) {
                result = try writer.append(bulk: rest.map(\.event)[...])
            } catch {
                throw Problem(description: "at line \(first.line): \(error)")
            }
            if let began = result.began { Terminal.complain("deploystats: \(began.words)") }
            appended += result.appended
            known += result.known
            head = result.head
            rest = rest.dropFirst(result.count)
            if let problem = result.problem, let bad = rest.first {
                throw Problem(description: Self.words(problem, line: bad.line))
            }
            if !rest.isEmpty {
                _ = try? Poll.readable([], until: Clock.monotonicMicroseconds() + Self.pause)
            }
        }
        waiting = []
    }

    private static func words(_ problem: BulkResult.Problem, line: Int) -> String {
        switch problem {
        case .contradicted:
            "line \(line): the ledger has another event with this id; one of the two was changed"
        case .refused: "line \(line): the ledger refuses this event"
        }
    }
}
