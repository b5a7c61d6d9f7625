import Processes
import SystemCalls

extension DeploymentFacts {
    /// The last second of the year 9999; anybody may have written any number.
    private static let latestTimestamp: Int64 = 253_402_300_799

    /// `timestamp` in µs, when it is a moment of the calendar.
    package var startedAtUs: Int64? {
        guard let timestamp, (0...Self.latestTimestamp).contains(timestamp) else { return nil }
        return timestamp * 1_000_000
    }

    /// When the lock was taken, wall clock in µs: to the second where nothing better is known.
    package var heldSinceUs: Int64? { Self.moment(acquiredAtUs) ?? startedAtUs }

    /// When the lock was asked for, likewise.
    package var waitingSinceUs: Int64? { Self.moment(requestedAtUs) ?? startedAtUs }

    private static func moment(_ microseconds: Int64?) -> Int64? {
        microseconds.flatMap { (0...latestTimestamp * 1_000_000).contains($0) ? $0 : nil }
    }

    /// Whether the process these facts name has ended beyond doubt; in doubt it has not.
    package var isProvablyDead: Bool {
        guard let pid, pid > 0, hostname == nil || hostname == Machine.hostName else {
            return false
        }
        if let process { return process.isDead }
        if let bootID, bootID != Machine.bootID { return true }
        guard let running = RunningProcess(pid) else {
            return ProcessIdentity(boot: Machine.bootID, pid: pid, startTime: 0).isDead
        }
        // The older form has no start time: a process that began after the facts were written has
        // been given the pid of another.
        guard let startedAtUs else { return false }
        return running.startedAtUs > startedAtUs + Self.clockTolerance
    }

    /// Clocks are set, and the older form's times are cut off to the second.
    private static let clockTolerance: Int64 = 5_000_000
}
