import Queries

/// Collects what the metrics of a window are made of.
struct WindowMeasures: MeasureSink {
    private let since: Int64
    private let until: Int64
    /// The end of the time that can be known, for the queue.
    private let knownUntil: Int64
    private var rules: [Rules] = []

    /// How many of each kind left the queue in the window.
    package private(set) var leftQueue: [Int64] = []
    /// How many of each kind ended in the window.
    package private(set) var ended: [Int64] = []
    /// How many of each kind lost their wrapper in the window.
    package private(set) var lost: [Int64] = []
    /// The waits that left the queue in the window.
    package private(set) var waits: [Int64] = []
    /// Of these, cut off by a timeout.
    package private(set) var censored: Int64 = 0
    /// How many of each kind left the queue without a usable wait.
    package private(set) var unusableWaits: Int64 = 0
    /// The lengths of successful deployments by the place of their tier in `tiers`.
    package private(set) var durations: [[Int64]] = []
    /// How many succeeded without a usable length, likewise.
    package private(set) var unusableDurations: [Int64] = []
    /// The tiers that had the lock in any window; nil for none.
    package private(set) var tiers: [String?] = []
    /// Where the bytes of a tier are in `tiers`.
    private var places: [[UInt8]?: Int] = [:]
    /// How long those had the lock that ended otherwise, by the place of their tier.
    private(set) var otherEnds: [[Int64]] = []
    /// The waits of those that stepped aside.
    private(set) var supersededWaits = Extremes()
    /// From the first request for a commit to its delivery, of those delivered in the window.
    private(set) var deliveries: [Int64] = []
    /// The ages of commits first asked for in the window that were not delivered at its end.
    private(set) var undelivered = Extremes()
    /// How long freezes held those back that left the queue in the window.
    private(set) var frozen = Extremes()
    /// The waiters by lock.
    package var queues: [QueueSteps] = []

    /// How many lengths there are, and the longest, in microseconds.
    struct Extremes: Hashable {
        private(set) var n: Int64 = 0
        private(set) var max: Int64?
        private(set) var sum: Int64 = 0

        fileprivate mutating func add(_ length: Int64) {
            n += 1
            max = Swift.max(max ?? length, length)
            let (total, isBeyond) = sum.addingReportingOverflow(length)
            sum = isBeyond ? .max : total
        }
    }

    /// What is looked at for every deployment, so that no text is.
    private struct Rules {
        let countsAsWait: Bool
        let timedOut: Bool
        let wasInQueue: Bool
        let waits: Bool
        let superseded: Bool
        let firstRequest: Bool
        let succeeded: Bool
        /// Place of the tier of one that had the lock or succeeded; -1 otherwise.
        let tier: Int
    }

    package init(window: Window, knownUntil: Instant) {
        since = window.since.microseconds
        until = window.until.microseconds
        self.knownUntil = knownUntil.microseconds
    }

    package mutating func prepare(kinds: [DeploymentKind], locks: [String?]) {
        for kind in kinds[rules.count...] {
            var tier = -1
            if kind.succeeded || kind.hadLock && kind.hasEnded {
                // Compared by their bytes, as SQLite does.
                let bytes = kind.tier.map { Array($0.utf8) }
                tier = places[bytes, default: tiers.count]
                if tier == tiers.count {
                    places[bytes] = tier
                    tiers.append(kind.tier)
                    durations.append([])
                    unusableDurations.append(0)
                    otherEnds.append([])
                }
            }
            rules.append(
                Rules(
                    countsAsWait: kind.countsAsWait, timedOut: kind.timedOut,
                    wasInQueue: kind.wasInQueue, waits: !kind.wentStraightThrough,
                    superseded: kind.wasSuperseded, firstRequest: kind.isFirstRequest,
                    succeeded: kind.succeeded, tier: tier))
            leftQueue.append(0)
            ended.append(0)
            lost.append(0)
        }
        while queues.count < locks.count { queues.append(QueueSteps()) }
    }

    // What is unknown is smaller than any moment and any usable length.
    package mutating func add(_ one: MeasuredDeployment) {
        let rule = rules[one.kind]
        if one.queueLeft >= since {
            if one.queueLeft < until {
                leftQueue[one.kind] += 1
                if one.frozen > 0 { frozen.add(one.frozen) }
                if rule.countsAsWait {
                    if one.wait >= 0 {
                        waits.append(one.wait)
                        if rule.timedOut { censored += 1 }
                    } else {
                        unusableWaits += 1
                    }
                } else if rule.superseded, one.wait >= 0 {
                    supersededWaits.add(one.wait)
                }
            }
            if rule.wasInQueue, one.requested < knownUntil,
                one.requested != MeasuredDeployment.unknown
            {
                queues[one.lock].n += 1
                if rule.waits {
                    queues[one.lock].add(
                        from: max(one.waitedFrom, since), to: min(one.queueLeft, knownUntil))
                }
            }
        }
        if one.lost >= since && one.lost < until { lost[one.kind] += 1 }
        if rule.firstRequest { addRequest(one) }
        if one.ended >= since && one.ended < until {
            ended[one.kind] += 1
            if rule.tier >= 0 {
                if !rule.succeeded {
                    if one.ran >= 0 { otherEnds[rule.tier].append(one.ran) }
                } else if one.ran >= 0 {
                    durations[rule.tier].append(one.ran)
                } else {
                    unusableDurations[rule.tier] += 1
                }
            }
        }
    }

    /// The first request for a commit under its lock.
    private mutating func addRequest(_ one: MeasuredDeployment) {
        if one.delivered >= since && one.delivered < until {
            deliveries.append(one.timeToDeliver)
        } else if one.requested >= since && one.requested < until
            && !(one.delivered != MeasuredDeployment.unknown && one.delivered < until)
        {
            undelivered.add(max(0, knownUntil - one.requested))
        }
    }
}
