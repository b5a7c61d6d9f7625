/// One deployment as it is measured; places are those of the scan that gives it, times UTC microseconds.
package struct MeasuredDeployment {
    /// Stands for what is unknown.
    package static let unknown = Int64.min

    package var lock: Int
    package var kind: Int
    package var requested: Int64
    var queueLeft: Int64
    package var ended: Int64
    package var wait: Int64
    /// How long its command ran; where only the time with the lock is known, that.
    package var ran: Int64
    /// When its wrapper was lost.
    package var lost: Int64
    /// When the commit of a first request was delivered.
    var delivered: Int64
    /// How long a freeze held it back; 0 when none did.
    var frozen: Int64

    /// When it began to wait for its turn: what a freeze took is no part of that.
    ///
    /// Nobody records when in its wait it was frozen; it counts as if that had come first.
    var waitedFrom: Int64 {
        guard frozen > 0, requested != Self.unknown else { return requested }
        let (moment, isBeyond) = requested.addingReportingOverflow(frozen)
        return isBeyond ? .max : moment
    }

    /// From this first request for a commit to its delivery.
    ///
    /// Clocks may have been set back in between, and a record may claim any time.
    var timeToDeliver: Int64 {
        let (length, isBeyond) = delivered.subtractingReportingOverflow(requested)
        return isBeyond ? .max : Swift.max(0, length)
    }
}

/// Takes deployments one after the other.
protocol MeasureSink {
    /// Called once where it is known: the most there can be.
    mutating func reserve(_ count: Int)
    /// Called before the first deployment of a kind or lock that was not there before.
    mutating func prepare(kinds: [DeploymentKind], locks: [String?])
    /// Called for every deployment around the window, inside of it or not.
    mutating func add(_ deployment: MeasuredDeployment)
}

extension MeasureSink {
    package mutating func reserve(_ count: Int) {}
}
