package import DeployLock
package import Ledger
import SystemCalls
import Wording

/// Freezes whose files went with the lock's directory, as when the machine was restarted and it was a
/// tmpfs: the ledger still has them.
package enum LostFreezes {
    /// Freezes that are in force by the ledger; asked for when the counter beside the lock is lost.
    package static func find(
        lock: String, in ledger: LedgerWriter
    ) throws(LedgerError) -> [Freeze] {
        try ledger.freezesInForce(lock: lock, at: Clock.wallMicroseconds()).compactMap { event in
            guard let id = event.freeze, let until = event.untilUs else { return nil }
            let person = Actor.text(
                event.actor ?? event.user ?? "unknown", claimed: event.claimedActor)
            return Freeze(
                id: id.description, reason: event.reason ?? "", by: person,
                user: event.user ?? "unknown", fromUs: event.atUs, untilUs: until,
                bootID: event.boot)
        }
    }

    /// Writes down again what has no file.
    ///
    /// - Returns: what was written.
    package static func restore(
        in queue: WaitQueue, from ledger: LedgerWriter
    ) throws -> [Freeze] {
        var restored: [Freeze] = []
        for freeze in try find(lock: queue.paths.lockFile, in: ledger)
        where !FileSystem.exists(queue.freezeFile(freeze.id).path) {
            try queue.freeze(freeze)
            restored.append(freeze)
        }
        return restored
    }
}

extension WaitQueue {
    /// The freezes in force: those beside the lock and, where its counter is lost, those that the
    /// ledger has.
    package func freezes(or ledger: LedgerSettings) throws(LockError) -> Freezes {
        let written = try freezes()
        if lastNumber != nil { return written }
        let known = try? LostFreezes.find(lock: paths.lockFile, in: LedgerWriter(ledger))
        let lost = (known ?? []).filter { !FileSystem.exists(freezeFile($0.id).path) }
        return lost.isEmpty ? written : written.union(Freezes(lost))
    }
}
