internal import SystemCalls

/// What can be read and verified of a ledger that is damaged.
///
/// Events are never changed, so every version of a page that lies anywhere in its files is good for
/// the rows in it, and the chain of hashes tells which of them are as they were written.
final class Salvage {
    /// An event as it was written.
    struct Event {
        let seq: Int64
        /// Nil for one that only a later version of the program understands.
        let line: EventEnvelope?
        let hash: [UInt8]
        /// Whether command and message are lost.
        let lacksDetail: Bool
        /// The place of the event behind a hole from which on the chain proves this one; nil when it
        /// does from the beginning.
        var island: Int64?
    }

    /// What of it cannot be brought back.
    struct Losses: Hashable {
        /// Events of which nothing can be read.
        var unreadable = SeqRanges()
        /// Events that can be read, but not verified: the one before is not there, or it was changed.
        var unverified = SeqRanges()
    }

    private let pages: RawPages
    /// The hash of an event of the ledger that takes them, by its place: what follows it there may
    /// be the rest of the same chain.
    private let anchor: (Int64) -> [UInt8]?
    private var events: [Int64: [RawCell]] = [:]
    private var details: [Int64: [RawCell]] = [:]
    /// The ledgers that these files are of.
    private(set) var identities: Set<[UInt8]> = []

    /// Looks for rows in the files of a ledger.
    ///
    /// - Throws: when a file cannot be read: that is no loss, another attempt may get it.
    init(_ path: String, anchor: @escaping (Int64) -> [UInt8]? = { _ in nil }) throws(SystemError) {
        self.anchor = anchor
        pages = try RawPages(path)
        pages.forEach { place, number, page in
            for cell in pages.cells(place, number: number, page) {
                switch pages.row(cell, inLog: true) ?? pages.row(cell, inLog: false) {
                case .event: events[cell.rowid, default: []].append(cell)
                case .detail: details[cell.rowid, default: []].append(cell)
                case .identity(let id): identities.insert(id)
                case nil: break
                }
            }
        }
        if let failure = pages.failure { throw failure }
    }

    /// Why something could not be read since; nil when all was.
    var failure: SystemError? { pages.failure }

    /// Hands over the events that the chain proves to be as they were written, in their order.
    ///
    /// - Parameters:
    ///   - first: the place of the first one that is missing elsewhere.
    ///   - head: the newest event, when it is known from elsewhere.
    ///   - ledger: the random id of the ledger, when that is known: a log may be of another one.
    func read<Failure>(
        from first: Int64 = 1, head: Head?, ledger: [UInt8]? = nil,
        _ body: (Event) throws(Failure) -> Void
    ) throws(Failure) -> Losses {
        var losses = Losses()
        var last = first - 1
        var island: Int64?
        var previous = first > 1 ? [] : ledger.map { [$0] } ?? Array(identities)
        for seq in events.keys.sorted() where first <= seq && seq <= Chain.longest {
            if seq > last + 1 {
                losses.unreadable.insert(last + 1...seq - 1)
                previous = []
            }
            last = seq
            let versions = versions(of: seq)
            let anchored = anchor(seq - 1)
            if let anchored { previous.append(anchored) }
            let proven = versions.filter { version in
                previous.contains { Chain.hash(after: $0, record: version.record) == version.hash }
            }
            // A transaction that was never finished may have left another event in this place.
            guard let event = proven.first(where: isContinued(seq)) ?? proven.last else {
                losses.unverified.insert(seq...seq)
                // Whether its record or its hash is damaged, the other one still leads on.
                previous =
                    versions.map(\.hash)
                    + versions.flatMap { version in
                        previous.map { Chain.hash(after: $0, record: version.record) }
                    }
                island = seq + 1
                continue
            }
            if let anchored, Chain.hash(after: anchored, record: event.record) == event.hash {
                island = nil
            }
            previous = [event.hash]
            var found = withDetail(seq, event)
            found.island = island
            try body(found)
        }
        if let head, head.seq > last { losses.unreadable.insert(last + 1...head.seq) }
        return losses
    }

    private typealias Version = (record: [UInt8], hash: [UInt8])

    private func versions(of seq: Int64) -> [Version] {
        var versions: [Version] = []
        for cell in events[seq] ?? [] {
            for inLog in [true, false] {
                if case .event(let record, let hash) = pages.row(cell, inLog: inLog),
                    !versions.contains(where: { $0.hash == hash && $0.record == record })
                {
                    versions.append((record, hash))
                }
            }
        }
        return versions
    }

    private func isContinued(_ seq: Int64) -> (Version) -> Bool {
        let next = versions(of: seq + 1)
        return { version in
            next.contains { Chain.hash(after: version.hash, record: $0.record) == $0.hash }
        }
    }

    private func withDetail(_ seq: Int64, _ event: Version) -> Event {
        let record = String(decoding: event.record, as: UTF8.self)
        for cell in details[seq] ?? [] {
            for inLog in [true, false] {
                guard case .detail(let salt, let text) = pages.row(cell, inLog: inLog) else {
                    continue
                }
                let detail = String(decoding: text, as: UTF8.self)
                if let line = EventEnvelope(
                    text: EventEnvelope.text(record: record, detail: detail, salt: salt))
                {
                    return Event(seq: seq, line: line, hash: event.hash, lacksDetail: false)
                }
            }
        }
        let line = EventEnvelope(text: record + "\n")
        return Event(
            seq: seq, line: line, hash: event.hash, lacksDetail: line?.event.detailHash != nil)
    }
}

/// Places in a chain, as few ranges as they need.
package struct SeqRanges: Hashable, Sendable {
    private(set) var ranges: [ClosedRange<Int64>] = []

    /// None.
    package init() {}

    /// Adds a range behind those that are there.
    mutating func insert(_ range: ClosedRange<Int64>) {
        if let last = ranges.last, last.upperBound + 1 >= range.lowerBound {
            ranges[ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
        } else {
            ranges.append(range)
        }
    }

    /// How many places there are.
    package var count: Int64 { ranges.reduce(0) { $0 + $1.upperBound - $1.lowerBound + 1 } }

    /// First and last of each, one after the other.
    var bounds: [Int64] { ranges.flatMap { [$0.lowerBound, $0.upperBound] } }

    /// Such as `5 to 7, 12`.
    var text: String {
        let shown = ranges.prefix(10).map { range in
            range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
        }
        return shown.joined(separator: ", ") + (ranges.count > 10 ? ", …" : "")
    }
}
