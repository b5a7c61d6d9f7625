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
    package var held: Int64
    /// When its wrapper was lost.
    package var lost: Int64
    /// When the commit of a first request was delivered.
    var delivered: Int64

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
