internal import SystemCalls

extension LedgerWriter {
    /// The events of freezes of a lock on this host that are in force at a moment, wall clock in UTC
    /// µs, as the ledger and what waits for it know: the newest event of each that has not ended.
    ///
    /// Throws where that cannot be known.
    package func freezesInForce(lock: String, at now: Int64) throws(LedgerError) -> [Event] {
        // The spool first: what goes to the ledger meanwhile is found there.
        let waiting = freezesWaiting(lock)
        var events: [Event] = []
        do throws(LedgerError) {
            events = try LedgerReader(path: files.path, busyTimeoutMilliseconds: 500)
                .freezes(host: Machine.hostName, lock: lock)
        } catch {
            switch error {
            case .missing, .empty: break
            default: throw error
            }
        }
        var inForce: [Event] = []
        var ended: Set<EventID> = []
        for event in events + waiting.sorted(by: { $0.id.description < $1.id.description }) {
            guard let freeze = event.freeze else { continue }
            inForce.removeAll { $0.freeze == freeze }
            if event.kind == .unfrozen { ended.insert(freeze) }
            if event.kind == .frozen, !ended.contains(freeze) { inForce.append(event) }
        }
        return inForce.filter { $0.untilUs.map { $0 > now } ?? false }
    }

    private func freezesWaiting(_ lock: String) -> [Event] {
        spool.waiting().compactMap { file in
            guard case .line(let line) = spool.read(file), line.event.lock == lock,
                line.event.host == Machine.hostName,
                line.event.kind == .frozen || line.event.kind == .unfrozen
            else { return nil }
            return line.event
        }
    }
}
