import DeployLock
package import Glibc
package import Ledger
import Processes
import Secrets
package import SystemCalls

/// The events about one deployment that need no more than to know which one it is: its wrapper and,
/// when that is lost, its keeper write them.
package struct DeploymentEvents: Sendable {
    package let deployment: EventID?
    package let number: Int64?
    /// The lock's path.
    package let lock: String?
    /// The user the process runs as.
    package let user: String
    /// The process that writes them.
    package var pid: pid_t

    /// Events of one deployment, written by this process unless `pid` names another.
    package init(
        deployment: EventID?, number: Int64?, lock: String?, user: String, pid: pid_t = getpid()
    ) {
        self.deployment = deployment
        self.number = number
        self.lock = lock
        self.user = user
        self.pid = pid
    }

    /// An event of now.
    package func event(_ kind: EventKind) -> Event {
        var event = Event(kind)
        event.deployment = deployment
        event.number = number
        event.lock = lock
        event.user = user
        event.pid = Int64(pid)
        return event
    }

    /// The end of a deployment that had the lock.
    ///
    /// - Parameter isForced: whether a forced unlock has decided the outcome already.
    package func released(
        waited: Int64?, held: Int64, _ conclusion: Conclusion, isForced: Bool
    ) -> EventEnvelope {
        var event = event(.released)
        event.waitUs = waited
        event.heldUs = held
        event.set(conclusion)
        if isForced { event.outcome = nil }
        return EventEnvelope(event)
    }

    /// One attempt of a check.
    ///
    /// - Parameters:
    ///   - took: in µs.
    ///   - printed: the end of what it printed.
    package func healthChecked(
        attempt: Int, of attempts: Int, _ result: StepResult, _ status: ExitStatus?, took: Int64,
        printed: String?
    ) -> EventEnvelope {
        var event = event(.healthChecked)
        event.attempt = Int64(attempt)
        event.attempts = Int64(attempts)
        event.set(result, status, took)
        return EventEnvelope(event, detail: printed.map { EventDetail(output: $0) })
    }

    /// A rollback, whatever came of it.
    ///
    /// - Parameters:
    ///   - cause: the step that had failed.
    ///   - took: in µs.
    ///   - good: what it was told to go back to.
    package func rolledBack(
        after cause: FailedStep?, _ result: StepResult, _ status: ExitStatus?, took: Int64,
        to good: (sha: String?, number: Int64?)
    ) -> EventEnvelope {
        var event = event(.rolledBack)
        event.failedStep = cause?.rawValue
        event.lastGoodSha = good.sha
        event.lastGoodNumber = good.number
        event.set(result, status, took)
        return EventEnvelope(event)
    }

    /// That the command exceeded a limit.
    ///
    /// - Parameters:
    ///   - limit: `max-duration` or `max-silence`.
    ///   - length: of the limit, in µs.
    ///   - held: how long it had the lock by then, in µs.
    package func overran(_ limit: String, _ length: Int64, held: Int64) -> EventEnvelope {
        var event = event(.overran)
        event.reason = limit
        event.limitUs = length
        event.heldUs = held
        return EventEnvelope(event)
    }

    /// That the wrapper is gone and this process has taken its place.
    package func wrapperLost() -> EventEnvelope {
        var event = event(.wrapperLost)
        let process = ProcessIdentity.current
        event.boot = process.boot
        event.pidStart = Int64(process.startTime)
        event.pidNS = Int64(process.namespace)
        return EventEnvelope(event)
    }

    /// The end of a call inside this deployment; an event of its own, so that one that is killed
    /// leaves its beginning.
    package func nestedEnd(held: Int64, ending: Ending, reason: String? = nil) -> EventEnvelope {
        var event = event(.nested)
        event.heldUs = held
        event.set(ending)
        event.reason = reason ?? event.reason
        return EventEnvelope(event)
    }
}

extension Event {
    fileprivate mutating func set(_ result: StepResult, _ status: ExitStatus?, _ took: Int64) {
        self.result = result.rawValue
        tookUs = took
        switch status {
        case .exited(let code): exitCode = Int64(code)
        case .signalled(let number): signal = Int64(number)
        case nil: break
        }
    }

    package mutating func set(_ ending: Ending) {
        exitCode = ending.signal == nil ? Int64(ending.code) : nil
        signal = ending.signal.map(Int64.init)
        reason = ending.reason.map(Masking.mask)
    }

    /// What a deployment that had the lock came to.
    package mutating func set(_ conclusion: Conclusion) {
        set(conclusion.ending)
        endedWith = Int64(conclusion.code)
        outcome = conclusion.outcome
        reason = conclusion.reason ?? reason
        commandUs = conclusion.commandUs
        healthUs = conclusion.healthUs
        rollbackUs = conclusion.rollbackUs
        health = conclusion.health?.rawValue
        rollback = conclusion.rollback?.rawValue
        notReached = conclusion.notReached.isEmpty ? nil : conclusion.notReached
        logFile = conclusion.output?.file
        logBytes = conclusion.output?.bytes
        logHash = conclusion.output?.hash
    }
}
