import CommandSupport
import DeployLock
import Glibc
import Ledger
import Processes
import SystemCalls

/// What the ledger knows of a lock whose queue was lost.
struct NumberSource: Sendable {
    private let context: DeploymentContext
    private var plan: DeploymentPlan { context.plan }

    init(_ context: DeploymentContext) {
        self.context = context
    }

    /// The living wrappers that have the lock as far as the ledger knows.
    func holders() -> [ProcessIdentity] {
        guard let reader = try? LedgerReader(path: plan.ledger.path, busyTimeoutMilliseconds: 200),
            let holders = try? reader.holders(host: Machine.hostName, lock: plan.paths.lockFile)
        else { return [] }
        return holders.compactMap { holder in
            guard let boot = holder.boot, let start = holder.pidStart else { return nil }
            return ProcessIdentity(
                boot: boot, pid: pid_t(truncatingIfNeeded: holder.pid),
                startTime: UInt64(truncatingIfNeeded: start))
        }
    }

    /// Asked when the counter beside the lock is lost: after a restart of the machine the ledger
    /// knows the last number.
    ///
    /// Numbers go on from the seconds since 1970 when others may have been given out since: a
    /// fencing token must never repeat. So when the ledger cannot tell, or when somebody removed the
    /// queue while the machine was up.
    ///
    /// With the counter the files of freezes may be lost, too: they are written again.
    func highestKnown(_ loss: WaitQueue.CounterLoss) -> Int64 {
        // After an upgrade and a restart nobody has written to it yet.
        context.recorder.ledger.bringUpToDate()
        restoreFreezes()
        return highest(loss)
    }

    private func restoreFreezes() {
        do {
            let lost = try LostFreezes.restore(in: context.queue, from: context.recorder.ledger)
            for freeze in lost {
                context.say(
                    "a freeze that was lost beside the lock is in force: \(Words.freeze(freeze))")
            }
        } catch {
            context.say("whether deployments were frozen before is unknown: \(error)")
        }
    }

    private func highest(_ loss: WaitQueue.CounterLoss) -> Int64 {
        let seconds = Clock.wallMicroseconds() / 1_000_000
        if loss == .removed {
            context.say(
                "\(plan.paths.lockFile) was in use before without a counter beside it; numbers begin "
                    + "at the seconds since 1970, so that none is given twice")
            return seconds
        }
        do {
            return try context.recorder.ledger.highestNumber(lock: plan.paths.lockFile)
        } catch {
            context.say(
                "the counter of the lock is lost and \(error); numbers go on from \(seconds)")
            return seconds
        }
    }
}
