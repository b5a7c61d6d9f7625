import Ledger
import Queries
import SQLite

/// The first tap: reads the summaries around a window, which say nothing that a filter could ask for.
struct SummaryScan {
    /// The locks met so far, in the order they came; nil for none.
    package private(set) var locks: [String?] = []
    /// The kinds met so far, in the order they came.
    package private(set) var kinds: [DeploymentKind] = []
    /// For each of the kinds, what its lines say beyond the usual.
    private var extras: [Extras] = []
    private var lockPlaces = LineInterner()
    private var kindPlaces = LineInterner()
    /// What the lines of some kinds say beyond the usual.
    private struct Extras {
        /// When the wrapper was lost.
        let loss: Bool
        /// When the commit was delivered.
        let delivery: DeploymentKind.Delivery
        /// How long a freeze held it back.
        let freeze: Bool
    }

    private let summaries: DeploymentSummaries
    private let since: Int64
    private let until: Int64

    package init(_ summaries: DeploymentSummaries, since: Instant, until: Instant) {
        self.summaries = summaries
        self.since = since.microseconds
        self.until = until.microseconds
    }

    /// Hands all deployments of the summaries around the window to `sink`.
    ///
    /// - Returns: whether every summary was understood; after false the figures are worth nothing.
    package mutating func read<Sink: MeasureSink>(into sink: inout Sink) throws(ReportError) -> Bool
    {
        do {
            sink.reserve(try summaries.mostDeployments(sinceUs: since, untilUs: until))
            return try summaries.read(sinceUs: since, untilUs: until) { readSummary($0, &sink) }
        } catch {
            throw .database(query: "metrics", error)
        }
    }

    private mutating func readSummary<Sink: MeasureSink>(
        _ summary: BlockContent, _ sink: inout Sink
    ) -> Bool {
        guard let first = summary.fromUs, readPlaces(summary, &sink) else { return false }
        return Self.readLines(
            summary.lines, from: first, locks: lockPlaces.ofSummary, kinds: kindPlaces.ofSummary,
            extras: extras, &sink)
    }

    private mutating func readPlaces(
        _ summary: BlockContent, _ sink: inout some MeasureSink
    ) -> Bool {
        let known = (locks.count, kinds.count)
        let areLocksRead = lockPlaces.read(summary.locks) { line in
            guard let lock = JSONText.decode(String?.self, line) else { return false }
            locks.append(lock)
            return true
        }
        let areKindsRead = kindPlaces.read(summary.kinds) { line in
            guard let kind = JSONText.decode(DeploymentKind.self, line) else { return false }
            kinds.append(kind)
            extras.append(
                Extras(
                    loss: kind.lostWrapper, delivery: kind.delivery,
                    freeze: kind.wasFrozen))
            return true
        }
        guard areLocksRead && areKindsRead else { return false }
        if known != (locks.count, kinds.count) { sink.prepare(kinds: kinds, locks: locks) }
        return true
    }

    private static func readLines<Sink: MeasureSink>(
        _ bytes: UnsafeRawBufferPointer, from first: Int64, locks: [Int], kinds: [Int],
        extras: [Extras], _ sink: inout Sink
    ) -> Bool {
        var numbers = IntegerReader(bytes: bytes)
        let unknown = MeasuredDeployment.unknown
        while !numbers.isAtEnd {
            let lock = numbers.next()
            let kind = numbers.next()
            let asked = numbers.next()
            let waited = numbers.next()
            let ran = numbers.next()
            let waitDifference = numbers.next()
            let ranDifference = numbers.next()
            guard numbers.isSound, locks.indices.contains(Int(lock)),
                kinds.indices.contains(Int(kind))
            else { return false }
            var one = MeasuredDeployment(
                lock: locks[Int(lock)], kind: kinds[Int(kind)], requested: unknown,
                queueLeft: unknown, ended: unknown, wait: unknown, ran: unknown, lost: unknown,
                delivered: unknown, frozen: 0)
            var last = first
            if asked != unknown { last &+= asked; one.requested = last }
            if waited != unknown { last &+= waited; one.queueLeft = last }
            if ran != unknown { last &+= ran; one.ended = last }
            if waitDifference != unknown {
                let isMeasured = asked != unknown && waited != unknown
                one.wait = waitDifference &+ (isMeasured ? waited : 0)
            }
            if ranDifference != unknown {
                let isMeasured = waited != unknown && ran != unknown
                one.ran = ranDifference &+ (isMeasured ? ran : 0)
            }
            let extras = extras[one.kind]
            if extras.loss {
                let lost = numbers.next()
                guard numbers.isSound, lost != unknown else { return false }
                one.lost = first &+ lost
            }
            switch extras.delivery {
            case .none: break
            case .atItsEnd: one.delivered = one.ended
            case .atAnotherTime:
                let delivered = numbers.next()
                guard numbers.isSound, delivered != unknown else { return false }
                one.delivered = first &+ delivered
            }
            if extras.freeze {
                one.frozen = numbers.next()
                guard numbers.isSound, one.frozen > 0 else { return false }
            }
            sink.add(one)
        }
        return numbers.isSound
    }
}
