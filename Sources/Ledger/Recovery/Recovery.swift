internal import SystemCalls

/// Bringing the events of a ledger back that was set aside.
package struct Recovery: Sendable {
    /// What came of it.
    package struct Result: Sendable {
        /// Events that were added.
        package internal(set) var appended = 0
        /// Events the ledger had already.
        package internal(set) var known = 0
        /// What is lost, such as `5 to 7 (unreadable)`; empty when everything is back.
        package internal(set) var losses: [String] = []
        /// Places of events here that came back without command and message.
        package internal(set) var withoutDetail = SeqRanges()

        /// How many events of that ledger are in this one now.
        package var recovered: Int { appended + known }

        /// What was brought back, and what was not.
        package var words: String {
            let events = "\(appended) \(appended == 1 ? "event" : "events")"
            let lost = losses.isEmpty ? "" : "; not brought back: " + losses.joined(separator: ", ")
            return "\(events) brought back, \(known) known already\(lost)"
        }
    }

    /// Why nothing was brought back.
    package enum Problem: Error, CustomStringConvertible {
        /// The file, or the log beside it, cannot be read.
        case unreadable(file: String, reason: String)
        /// It is another ledger than the one that is to be brought back.
        case anotherLedger(file: String)
        /// The ledger cannot be written.
        case ledger(LedgerError)

        /// What is in the way.
        package var description: String {
            switch self {
            case .unreadable(let file, let reason):
                "\(file) cannot be read: \(reason); nothing was changed. Try again, or copy what the "
                    + "disk still gives and name the copy"
            case .anotherLedger(let file):
                "\(file) is not the ledger whose events are missing; nothing was changed"
            case .ledger(let error): "\(error)"
            }
        }
    }

    private let writer: LedgerWriter

    /// Events in one piece.
    private static let portion = 1000

    /// A recovery into the ledger of a writer.
    package init(_ writer: LedgerWriter) { self.writer = writer }

    /// Takes what can be read and verified of a ledger's files into this one, behind what is there.
    ///
    /// - Parameters:
    ///   - file: the database that was set aside, with its log beside it, or a copy; it is only read.
    ///   - interruption: what is known of that ledger.
    ///   - progress: told how many events are dealt with.
    package func run(
        _ file: String, _ interruption: LedgerInterruption?, progress: (Int) -> Void = { _ in }
    ) throws(Problem) -> Result {
        let ledger = interruption?.ledger.flatMap { Hexadecimal.decode($0.utf8) }
        // What has lost its end has the rest.
        let reader = try? LedgerReader(path: writer.settings.path)
        let isOurs = ledger != nil && reader?.identity == ledger
        return try run(
            file, head: interruption?.head, ledger: ledger,
            from: isOurs ? interruption?.seq ?? 1 : 1, progress)
    }

    /// The same.
    ///
    /// - Parameters:
    ///   - head: its newest event as `seq:hash`, as far as that is known.
    ///   - ledger: its random id, as far as that is known.
    ///   - first: the place of the first event that is missing.
    func run(
        _ file: String, head: String?, ledger: [UInt8]? = nil, from first: Int64 = 1,
        _ progress: (Int) -> Void = { _ in }
    ) throws(Problem) -> Result {
        let head = head.flatMap { Head($0) }
        let salvage: Salvage
        do throws(SystemError) {
            let reader = try? LedgerReader(path: writer.settings.path)
            salvage = try Salvage(file) { reader?.hash(at: $0) }
        } catch {
            throw .unreadable(file: file, reason: error.reason)
        }
        // What is another ledger must not have been mixed into this one before that is found out.
        if let ledger, !salvage.identities.isEmpty, !salvage.identities.contains(ledger) {
            throw .anotherLedger(file: file)
        }
        // A log may be another one's: what does not follow from the beginning must lead to the end.
        var strange: Set<Int64> = []
        _ = try salvage.read(from: first, head: nil, ledger: ledger) { event throws(Problem) in
            guard let head else { return }
            if let island = event.island {
                let isStrange =
                    island > head.seq || event.seq == head.seq && event.hash != head.hash
                if isStrange { strange.insert(island) }
            } else if event.seq == head.seq, event.hash != head.hash {
                throw .anotherLedger(file: file)
            }
        }
        if let failure = salvage.failure { throw .unreadable(file: file, reason: failure.reason) }
        var piece = Piece(writer)
        var newer = SeqRanges()
        var unproven = SeqRanges()
        let losses = try salvage.read(from: first, head: head, ledger: ledger) {
            event throws(Problem) in
            if event.island.map(strange.contains) == true {
                unproven.insert(event.seq...event.seq)
                return
            }
            guard let line = event.line else {
                newer.insert(event.seq...event.seq)
                return
            }
            piece.add(line, seq: event.seq, lacksDetail: event.lacksDetail)
            if piece.lines.count >= Self.portion {
                try piece.flush()
                progress(piece.result.recovered)
            }
        }
        try piece.flush()
        piece.finish()
        var result = piece.result
        let lost = [
            (losses.unreadable, "unreadable"), (losses.unverified, "cannot be verified"),
            (unproven, "of another ledger"), (newer, "of a later version"),
            (piece.refused, "contradicted by what the ledger has"),
        ]
        result.losses = lost.filter { $0.0.count > 0 }.map { "\($0.0.text) (\($0.1))" }
        if result.withoutDetail.count > 0 {
            result.losses.append("command and message of \(result.withoutDetail.count) events")
        }
        return result
    }

    /// Notes that a beginning is settled.
    ///
    /// - Parameter reason: what was brought back, or why nothing is.
    package func settle(
        _ interruption: LedgerInterruption, _ how: LedgerInterruption.Settlement, reason: String,
        withoutDetail: SeqRanges = SeqRanges()
    ) throws(LedgerError) -> Head {
        var event = Event.settlement(how, of: interruption, reason: reason)
        let user = User.name(of: User.effectiveID)
        event.user = user
        event.login = User.loginID.map { User.name(of: $0) }
        event.actor = event.login ?? user
        if withoutDetail.count > 0 { event.missingDetails = withoutDetail.bounds }
        return try writer.append(bulk: [EventEnvelope(event)]).head
    }
}

/// Events on their way into the ledger.
private struct Piece {
    private let path: String
    private var writer: BulkWriter
    private(set) var lines: [EventEnvelope] = []
    private var seqs: [Int64] = []
    private var bare: [EventID] = []
    private(set) var result = Recovery.Result()
    /// Events this ledger does not take, by their places in the earlier one.
    private(set) var refused = SeqRanges()

    init(_ writer: LedgerWriter) {
        path = writer.settings.path
        self.writer = BulkWriter(writer)
    }

    mutating func add(_ line: EventEnvelope, seq: Int64, lacksDetail: Bool) {
        lines.append(line)
        seqs.append(seq)
        if lacksDetail { bare.append(line.id) }
    }

    mutating func flush() throws(Recovery.Problem) {
        do throws(LedgerError) {
            var next = 0
            while next < lines.count {
                let added = try writer.append(lines[next...])
                result.appended += added.appended
                result.known += added.known
                next += added.count
                if added.problem != nil {
                    refused.insert(seqs[next]...seqs[next])
                    next += 1
                } else if next < lines.count {
                    _ = try? Poll.readable(
                        [], until: Clock.monotonicMicroseconds() + BulkWriter.pause)
                }
            }
            if !bare.isEmpty { try noteBare() }
        } catch {
            throw .ledger(error)
        }
        (lines, seqs, bare) = ([], [], [])
    }

    /// Call it behind the last one.
    mutating func finish() { writer.finish() }

    private mutating func noteBare() throws(LedgerError) {
        let reader = try LedgerReader(path: path)
        for id in bare {
            if let seq = try reader.placeWithoutDetail(of: id) {
                result.withoutDetail.insert(seq...seq)
            }
        }
    }
}
