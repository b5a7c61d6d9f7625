/// A deployment that was made elsewhere, such as one attempt of a CI run.
package struct ImportedRun: Hashable, Sendable {
    /// What makes it the same one, however often and from wherever it is imported.
    package struct Identity: Hashable, Sendable {
        private let name: String
        /// When it belongs, UTC in µs since 1970.
        package let atUs: Int64

        /// An attempt of a run of GitHub Actions.
        ///
        /// Its repository is no part of it: that may be renamed, and is spelled in several ways.
        ///
        /// - Parameters:
        ///   - host: the machine GitHub is on, such as `github.com`.
        ///   - run: the run's id, which that machine gives out once.
        ///   - attempt: 1 for the first one.
        ///   - createdAtUs: when the run came to be, UTC in µs since 1970; the same for all attempts.
        package init(host: String, run: Int64, attempt: Int64, createdAtUs: Int64) {
            name = "run \(run) attempt \(attempt) on \(host.lowercased())"
            atUs = createdAtUs
        }

        /// What another program deployed.
        ///
        /// - Parameters:
        ///   - source: that program's name.
        ///   - key: what tells it from all others of that source.
        ///   - atUs: when it began, or else ended, UTC in µs since 1970.
        package init(source: String, key: String, atUs: Int64) {
            name = "deployment \(key) by \(source)"
            self.atUs = atUs
        }

        /// The deployment it is in a ledger.
        package var deployment: EventID { .derived(from: name, place: 0, atUs: atUs) }
        fileprivate var event: EventID { .derived(from: name, place: 1, atUs: atUs) }

        /// The first and the last id that anything of that time may have.
        package var idsOfItsTime: ClosedRange<EventID> {
            let time = EventID.time(ofMicroseconds: UInt64(max(0, atUs)))
            return EventID(
                version: 8, time: time, random: 0)...EventID(
                    version: 8, time: time, random: .max)
        }
    }

    /// Which one it is.
    package var identity: Identity
    /// The machine it happened on; of a CI run that of the CI, such as `github.com`.
    package var host: String
    /// When it ended, UTC in µs since 1970.
    package var endedAtUs: Int64
    /// How long it took, in µs; nil when that is unknown.
    package var ranUs: Int64?
    /// How it ended.
    package var outcome: Outcome
    /// The CI's own word for that.
    package var reason: String?
    /// Where it came from.
    package var source = "import"
    /// Who set it off.
    package var actor: String?
    /// Which kind of deployment it was.
    package var tier: String?
    /// The commit.
    package var sha: String?
    /// The branch or tag.
    package var ref: String?
    /// The address of the run, without the attempt.
    package var runURL: String?
    /// Which attempt, 1 for the first one.
    package var attempt: Int64?
    /// What set it off, such as `push`.
    package var runEvent: String?
    /// What the CI calls that which ran.
    package var workflow: String?
    /// When its commit was made, in UTC µs.
    package var committedAtUs: Int64?

    /// Describes one; set what else is known.
    package init(
        _ identity: Identity, host: String, endedAtUs: Int64, ranUs: Int64?, outcome: Outcome
    ) {
        self.identity = identity
        self.host = host
        self.endedAtUs = endedAtUs
        self.ranUs = ranUs
        self.outcome = outcome
    }

    /// The one event that tells it; when it is imported and by whom makes no difference.
    package func event() -> EventEnvelope {
        var event = Event(
            .imported, id: identity.event, atUs: endedAtUs, monoUs: 0,
            host: EventDetail.outside(host))
        event.deployment = identity.deployment
        event.source = EventDetail.outside(source)
        event.actor = actor.map(EventDetail.outside)
        event.tier = tier.map(EventDetail.outside)
        event.sha = sha.map(EventDetail.outside)
        event.ref = ref.map(EventDetail.outside)
        event.runURL = runURL.map(EventDetail.outside)
        event.runAttempt = attempt
        event.runEvent = runEvent.map(EventDetail.outside)
        event.workflow = workflow.map(EventDetail.outside)
        event.committedAtUs = committedAtUs
        event.heldUs = ranUs
        event.outcome = outcome
        event.reason = reason.map(EventDetail.outside)
        return EventEnvelope(event)
    }
}
