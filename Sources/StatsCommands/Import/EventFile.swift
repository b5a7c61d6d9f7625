import JSON
import Ledger
import SystemCalls

/// A file of events as `deploystats export` writes it, read piece by piece.
struct EventFile: ~Copyable, Sendable {
    /// Some events behind one another, and what comes after them.
    struct Piece: Sendable {
        fileprivate(set) var events: [EventEnvelope] = []
        /// The lines that their records are on.
        fileprivate(set) var lines: [Int] = []
        /// How much of the file has been read, in percent; nil when its size is not known.
        fileprivate(set) var share: Int?
        /// Why no event can be had behind them; nil when there may be one.
        fileprivate(set) var problem: String?
    }

    /// Why reading stops.
    private struct Flaw: Error {
        let words: String
    }

    private let size: Int
    private var reader: LineReader
    /// The record read last: an event is one line or two, so the next line decides when it is complete.
    private var record: (text: [UInt8], line: Int)?
    private var isAtEnd = false

    /// Events of a piece: about what the ledger takes in one commit.
    private static let most = 4000
    /// What the second line of an event begins with.
    private static let attachment = Array("{\"detail\":".utf8)

    /// Begins where the file stands.
    init(_ file: consuming FileDescriptor) {
        size = (try? file.status().size) ?? 0
        reader = LineReader(file, longest: EventEnvelope.longest)
    }

    /// The next piece; nil behind the last one, and behind one with a problem.
    mutating func next() -> Piece? {
        if isAtEnd { return nil }
        var piece = Piece()
        do throws(Flaw) {
            while piece.events.count < Self.most, !isAtEnd { try read(into: &piece) }
        } catch {
            piece.problem = error.words
            isAtEnd = true
        }
        if size > 0 { piece.share = min(99, reader.bytesRead * 100 / size) }
        return piece
    }

    private mutating func read(into piece: inout Piece) throws(Flaw) {
        guard let line = try line() else {
            isAtEnd = true
            return try complete(attachment: nil, &piece)
        }
        if line.starts(with: Self.attachment) {
            guard record != nil else {
                throw Flaw(words: "line \(reader.line) belongs to no event")
            }
            try complete(attachment: line, &piece)
        } else {
            try complete(attachment: nil, &piece)
            if !line.isEmpty { record = (line, reader.line) }
        }
    }

    private mutating func line() throws(Flaw) -> [UInt8]? {
        do {
            return try reader.next().map { Array($0) }
        } catch let error as LineReader.TooLong {
            throw Flaw(words: "line \(error.line) is too long for an event")
        } catch let error as SystemError {
            throw Flaw(words: "it cannot be read on: \(error.reason)")
        } catch {
            throw Flaw(words: "it cannot be read on: \(error)")
        }
    }

    private mutating func complete(attachment: [UInt8]?, _ piece: inout Piece) throws(Flaw) {
        guard let (text, line) = record else { return }
        record = nil
        switch ParsedEvent(record: text, attachment: attachment) {
        case .line(let event):
            piece.events.append(event)
            piece.lines.append(line)
        case .newer:
            throw Flaw(words: "line \(line) is an event of a later version; install that first")
        case .unreadable:
            throw Flaw(
                words: "line \(line) is not an event as 'deploystats export' writes it: "
                    + Self.words(EventParseError(of: text)))
        }
    }

    private static func words(_ flaw: EventParseError) -> String {
        switch flaw {
        case .notCanonical:
            "it is not one JSON object with its keys in order, whole numbers and no blanks between"
        case .member(let flaw): flaw.words
        case .detail: "the detail behind it is not the one it was recorded with"
        }
    }
}
