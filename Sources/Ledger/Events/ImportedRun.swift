/// One attempt of a CI run that happened elsewhere.
package struct ImportedRun: Hashable, Sendable {
    /// The machine of the CI, such as `github.com`.
    package var host: String
    /// The address of the run, without the attempt.
    package var runURL: String
    /// Which attempt, 1 for the first one.
    package var attempt: Int64
    /// When the run came to be, UTC in µs since 1970; the same for all attempts.
    package var createdAtUs: Int64
    /// When the attempt began and ended.
    package var ran: ClosedRange<Int64>
    /// How it ended.
    package var outcome: Outcome
    /// The CI's own word for that.
    package var reason: String
    /// Who set it off.
    package var actor: String?
    /// Which kind of deployment it was.
    package var tier: String?
    /// The commit.
    package var sha: String?
    /// The branch or tag.
    package var ref: String?

    /// Describes an attempt; set what else is known.
    package init(
        host: String, runURL: String, attempt: Int64, createdAtUs: Int64, ran: ClosedRange<Int64>,
        outcome: Outcome, reason: String
    ) {
        self.host = host
        self.runURL = runURL
        self.attempt = attempt
        self.createdAtUs = createdAtUs
        self.ran = ran
        self.outcome = outcome
        self.reason = reason
    }

    /// The deployment that an attempt is in a ledger: always the same, in the order of the runs.
    package static func deployment(runURL: String, attempt: Int64, createdAtUs: Int64) -> EventID {
        .derived(from: "run \(attempt) \(runURL)", place: 0, atUs: createdAtUs)
    }

    /// The one event that tells it; when it is imported and by whom makes no difference.
    package func event() -> EventEnvelope {
        let name = "run \(attempt) \(runURL)"
        var event = Event(
            .imported, id: .derived(from: name, place: 1, atUs: createdAtUs), atUs: ran.upperBound,
            monoUs: 0, host: host)
        event.deployment = Self.deployment(
            runURL: runURL, attempt: attempt, createdAtUs: createdAtUs)
        event.source = "import"
        event.actor = actor.map(EventDetail.outside)
        event.tier = tier.map(EventDetail.outside)
        event.sha = sha.map(EventDetail.outside)
        event.ref = ref.map(EventDetail.outside)
        event.runURL = EventDetail.outside(runURL)
        event.runAttempt = attempt
        event.heldUs = ran.upperBound - ran.lowerBound
        event.outcome = outcome
        event.reason = EventDetail.outside(reason)
        return EventEnvelope(event)
    }
}
