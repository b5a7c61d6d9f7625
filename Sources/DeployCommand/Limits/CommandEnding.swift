import DeployLock
import Glibc
import Processes
import SystemCalls
import Wording

/// Ends a command or a rollback that may not go on, and waits until all of it is seen to be gone:
/// until then the lock is not free.
///
/// The wrapper does it and, when that is lost, the keeper in its place.
struct CommandEnding {
    /// From TERM to KILL, in µs.
    let grace: Int64
    /// Says what is in the way.
    let say: (String) -> Void

    private static let interval: Int64 = 50_000
    private static let complaintInterval: Int64 = 10_000_000

    /// Ends all that runs below a keeper or has the lock.
    ///
    /// - Parameter wait: waits for the command until a moment on the monotonic clock, in µs; true
    ///   once it has ended.
    func run(below keeper: pid_t, lock: borrowing LockFile, wait: (Int64) -> Bool) {
        var termination = CommandTermination(below: keeper, lock: lock.descriptor)
        let killAt = Clock.monotonicMicroseconds() + grace
        var complainAt = killAt + Self.complaintInterval
        while true {
            let now = Clock.monotonicMicroseconds()
            if now < killAt { termination.ask() } else { termination.kill() }
            let hasEnded = wait(now + Self.interval)
            let left = termination.remaining
            if hasEnded, left.isEmpty { return }
            if Clock.monotonicMicroseconds() >= complainAt {
                say(Self.words(left))
                complainAt = Clock.monotonicMicroseconds() + Self.complaintInterval
            }
        }
    }

    private static func words(_ left: [ProcessIdentity]) -> String {
        let pids = left.prefix(5).map { String($0.pid) }.joined(separator: ", ")
        return "cannot be ended yet, so the lock stays held: pid \(pids); end it, or see "
            + "'check-deploy-lock'"
    }
}
