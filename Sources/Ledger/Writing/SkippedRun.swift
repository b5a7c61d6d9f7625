internal import Glibc
internal import SystemCalls

/// A deployment that was left out before it reached the server, because enough were pending.
package struct SkippedRun: Hashable, Sendable {
    /// The canonical path of the lock it would have taken.
    package var lock: String
    /// Where it comes from, such as `gha`.
    package var source: String
    /// Who set it off.
    package var actor: String?
    /// Which kind of deployment it would have been.
    package var tier: String?
    /// The commit that was not deployed.
    package var sha: String?
    /// Its branch or tag.
    package var ref: String?
    /// The address of the CI run.
    package var runURL: String?
    /// Which attempt of that run.
    package var runAttempt: Int64
    /// Why, in a word or two.
    package var reason: String
    /// How many were pending.
    package var queue: Int64

    /// Describes a skip; set what else is known.
    package init(
        lock: String, source: String, runURL: String?, runAttempt: Int64, reason: String,
        queue: Int64
    ) {
        self.lock = lock
        self.source = source
        self.runURL = runURL
        self.runAttempt = runAttempt
        self.reason = reason
        self.queue = queue
    }

    /// Both events of the deployment, secrets masked: it was asked for, it was skipped.
    func events() -> [EventEnvelope] {
        // The same for every record of one attempt of one run; a new one without a run.
        let deployment = id(place: 0) ?? .generate()
        var requested = event(.requested, place: 1)
        requested.deployment = deployment
        requested.uid = Int64(User.effectiveID)
        requested.source = EventDetail.outside(source)
        requested.actor = actor.map(EventDetail.outside)
        requested.tier = tier.map(EventDetail.outside)
        requested.sha = sha.map(EventDetail.outside)
        requested.ref = ref.map(EventDetail.outside)
        requested.runURL = runURL.map(EventDetail.outside)
        requested.runAttempt = runURL == nil ? nil : runAttempt
        requested.ahead = queue
        var skipped = event(.skipped, place: 2)
        skipped.deployment = deployment
        skipped.waitUs = 0
        skipped.waiting = queue
        skipped.outcome = .skipped
        skipped.reason = EventDetail.outside(reason)
        return [EventEnvelope(requested), EventEnvelope(skipped)]
    }

    /// Writes both events; what the ledger has of this attempt already stays as it is.
    ///
    /// Nobody waits for this as they wait for a deployment, so it may take longer.
    package func record(in settings: LedgerSettings) -> RecordResult {
        var patient = settings
        patient.budgetMilliseconds = max(settings.budgetMilliseconds, 5000)
        return LedgerWriter(patient).record(events())
    }

    private func event(_ kind: EventKind, place: UInt8) -> Event {
        var event = Event(kind, id: id(place: place) ?? .generate())
        event.lock = lock
        event.user = User.name(of: User.effectiveID)
        event.pid = Int64(getpid())
        return event
    }

    private func id(place: UInt8) -> EventID? {
        runURL.map { .derived(from: "skip \(runAttempt) \($0)", place: place) }
    }
}
