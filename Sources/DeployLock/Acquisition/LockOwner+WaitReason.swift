import Glibc
import Processes
import SystemCalls

extension LockOwner {
    /// Judges what a deployment in the queue is blocked by, as it is now; as cheaply as can be.
    package init(blocking obstacle: WaitReason, in queue: WaitQueue) {
        var recorded: [ProcessIdentity] = []
        var isLocked = false
        switch obstacle {
        case .unreadable(let ticket, let error):
            self = .unreadable(ticket, error)
            return
        case .unlisted(let process): recorded = [process]
        case .lockFile: isLocked = true
        case .queue, .survivor: break
        }
        let reading = try? LockReading(of: queue, recorded: recorded, looksIntoProcesses: false)
        let owner = reading.map { LockOwner($0) } ?? .nobody
        // The kernel's list need not show the lock that we wait for.
        self =
            isLocked && (owner.condition == .free || owner.condition == .deadOrphan)
            ? .unrecorded(nil, reading?.published?.facts) : owner
    }
}
