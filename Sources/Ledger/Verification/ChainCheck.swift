internal import JSON

/// Follows the chain from event to event.
struct ChainCheck {
    /// The place of the event before the next one.
    private(set) var seq: Int64
    /// The hashes the next event may build on: the one stored and the one computed.
    ///
    /// They differ only after an event that was reported, so one changed byte is one problem.
    private var previous: [[UInt8]]
    private let expected: Head?
    /// Events whose details are missing.
    private var bare: [Int64] = []
    /// Where that is known since they were brought back from a ledger that was damaged.
    private var excused: [ClosedRange<Int64>] = []

    /// Begins behind an event whose hash is taken as it is.
    init(after head: Head, expected: Head? = nil) {
        seq = head.seq
        previous = [head.hash]
        self.expected = expected
    }

    /// Checks one event.
    ///
    /// - Returns: what it says; nil when that cannot be read.
    mutating func check(
        seq: Int64, record: [UInt8], hash: [UInt8], salt: [UInt8]?, detail: String?,
        _ report: inout VerificationReport
    ) -> Event? {
        report.events += 1
        if seq != self.seq + 1 { reportGap(before: seq, &report) }
        self.seq = seq
        let computed = previous.map { Chain.hash(after: $0, record: record) }
        if computed.contains(hash) {
            previous = [hash]
        } else {
            previous = [hash, computed[0]]
            report.add(
                "its hash does not match its record and the event before it: one of them was "
                    + "changed", seq: seq)
        }
        if let expected, expected.seq == seq, expected.hash != hash {
            report.add("it is not the event of the expected head \(expected)", seq: seq)
        }
        guard let members = CanonicalMembers(record) else {
            report.add("its record is not written in the canonical form", seq: seq)
            return nil
        }
        check(salt: salt, detail: detail, against: members.text("detail_hash"), seq: seq, &report)
        do throws(RecordFlaw) {
            let event = try Event(members)
            excuse(event)
            return event
        } catch {
            report.add("its record cannot be understood: \(error.words)", seq: seq)
            return nil
        }
    }

    /// Call it behind the last event.
    func finish(_ report: inout VerificationReport) {
        for seq in bare where !excused.contains(where: { $0.contains(seq) }) {
            report.add("its detail is missing", seq: seq)
        }
        report.sort()
        if let expected, expected.seq > seq {
            report.add(
                "the ledger ends at event \(seq), before the expected head \(expected): events "
                    + "were cut off")
        }
    }

    private func reportGap(before seq: Int64, _ report: inout VerificationReport) {
        let first = self.seq + 1
        if seq <= first {
            report.add("it is out of order", seq: seq)
        } else if seq == first + 1 {
            report.add("it is missing", seq: first)
        } else {
            report.add("it and all up to \(seq - 1) are missing", seq: first)
        }
    }

    private mutating func check(
        salt: [UInt8]?, detail: String?, against hash: String?, seq: Int64,
        _ report: inout VerificationReport
    ) {
        switch (salt, detail, hash) {
        case (nil, nil, nil): break
        case (let salt?, let detail?, let hash?):
            if Chain.detailHash(salt: salt, detail: detail.utf8) != hash {
                report.add("its detail or the salt of it was changed", seq: seq)
            }
        case (_, _, nil): report.add("it has a detail that its record does not know", seq: seq)
        default: if bare.count < VerificationReport.mostProblems { bare.append(seq) }
        }
    }

    private mutating func excuse(_ event: Event) {
        guard event.kind == .continued, let places = event.missingDetails else { return }
        for first in stride(from: 0, to: places.count - 1, by: 2)
        where places[first] <= places[first + 1] {
            excused.append(places[first]...places[first + 1])
        }
    }
}
