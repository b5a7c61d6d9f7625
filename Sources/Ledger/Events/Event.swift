package import JSON
import SystemCalls

/// One immutable fact about a deployment, the lock or the ledger itself.
///
/// Its JSON form has sorted keys in snake case; what is nil is absent. Times are in microseconds.
package struct Event: Hashable, Sendable {
    /// The newest form of records that this program understands.
    static let knownVersion: Int64 = 1

    /// Version of the record's form.
    package var v = knownVersion
    /// The event's own id.
    package var id: EventID
    /// What it tells.
    package var kind: EventKind
    /// When it happened by the wall clock, in UTC since 1970.
    package var atUs: Int64
    /// When it happened by the monotonic clock of this boot.
    package var monoUs: Int64
    /// The machine it happened on.
    package var host: String

    /// The deployment it is about.
    package var deployment: EventID?
    /// The deployment's ticket.
    package var number: Int64?
    /// The canonical path of the lock.
    package var lock: String?
    /// The effective user who wrote the event.
    package var user: String?
    /// The process that wrote the event; of `wrapperLost` the keeper.
    package var pid: Int64?

    /// The boot the process belongs to.
    package var boot: String?
    /// When the process started, in clock ticks since boot (field 22 of `/proc/PID/stat`).
    package var pidStart: Int64?
    /// The pid namespace that `pid` belongs to; see `Machine.pidNamespace`.
    package var pidNS: Int64?
    /// The effective user's number.
    package var uid: Int64?
    /// The user who logged in.
    package var login: String?
    /// The user who called `sudo`, by its own variable: a claim.
    package var sudoUser: String?
    /// The real person: who logged in, else the user of the nearest process above that is somebody
    /// else's, else the effective user.
    package var actor: String?
    /// The person that the actor claims to act for.
    package var claimedActor: String?
    /// Where the deployment comes from, such as `ssh` or `gha`.
    package var source: String?
    /// Which kind of deployment it is, such as `docker`.
    package var tier: String?
    /// The commit that is deployed.
    package var sha: String?
    /// When that commit was made, as far as somebody says so.
    package var committedAtUs: Int64?
    /// The branch or tag that is deployed.
    package var ref: String?
    /// What stands for the deployments of which the newest covers the others.
    package var batchKey: String?
    /// The address of the CI run.
    package var runURL: String?
    /// Which attempt of the CI run, 1 for the first one.
    package var runAttempt: Int64?
    /// What set off the CI run, such as `push`.
    package var runEvent: String?
    /// What the CI calls that which ran, such as the name of a workflow.
    package var workflow: String?
    /// Deployments running or waiting before this one.
    package var ahead: Int64?
    /// The numbers of these; whoever has the lock without being a deployment has none.
    package var queue: [Int64]?
    /// SHA-256 over the salt and the detail, in hexadecimal.
    package var detailHash: String?

    /// How long it waited for the lock.
    package var waitUs: Int64?
    /// How long it had the lock.
    package var heldUs: Int64?
    /// The command's exit code.
    package var exitCode: Int64?
    /// The signal that ended the command.
    package var signal: Int64?
    /// How the deployment ended.
    package var outcome: Outcome?
    /// Why, in a word or two.
    package var reason: String?

    /// The code that the wrapper of a released deployment ended with.
    package var endedWith: Int64?
    /// How long its command ran.
    package var commandUs: Int64?
    /// How long its service was checked, pauses included.
    package var healthUs: Int64?
    /// How long its rollback ran.
    package var rollbackUs: Int64?
    /// How long it waited only because deployments were frozen; no part of `waitUs`.
    package var frozenUs: Int64?
    /// What a released deployment's check came to: see `HealthVerdict`.
    package var health: String?
    /// What its rollback came to: see `StepResult`.
    package var rollback: String?
    /// Steps that a released deployment never reached because its wrapper was lost: `health`,
    /// `rollback`.
    package var notReached: [String]?

    /// Which attempt of a check it was, from 1.
    package var attempt: Int64?
    /// How many attempts there are at most.
    package var attempts: Int64?
    /// How long one attempt, or a rollback, took.
    package var tookUs: Int64?
    /// What made a rollback necessary: `command`, `health`, `overran` or `signal`.
    package var failedStep: String?
    /// The commit and number of the deployment that a rollback was told to go back to.
    package var lastGoodSha: String?
    package var lastGoodNumber: Int64?
    /// The limit that a command exceeded.
    package var limitUs: Int64?

    /// The freeze that begins or ends.
    package var freeze: EventID?
    /// When a freeze ends, in UTC.
    package var untilUs: Int64?
    /// The freezes that a deployment ran in spite of, and why.
    package var overrode: [String]?
    package var overrideReason: String?

    /// Where a command's output was kept, how much it was, and its SHA-256 in hexadecimal.
    package var logFile: String?
    package var logBytes: Int64?
    package var logHash: String?

    /// The deployment that this one stepped aside for.
    package var coveredBy: EventID?
    /// That deployment's ticket.
    package var coveredByNumber: Int64?

    /// The last proof of life of a deployment that somebody else found dead.
    package var lastAliveUs: Int64?
    /// The deployment that found it dead.
    package var recordedBy: EventID?

    /// The address a person who acts came from.
    package var client: String?
    /// In which way a lock was kept that a person freed, such as `holder` or `dead_orphan`.
    package var victim: String?
    /// The process that had it: the deployment's wrapper, or who took the lock without us.
    package var victimPid: Int64?
    /// How many waited for the lock when it was freed by force; how many CI runs were pending when
    /// one was skipped.
    package var waiting: Int64?
    /// What the forced unlock came to, such as `terminated`.
    package var result: String?
    /// The deployment that got the lock next.
    package var nextNumber: Int64?

    /// The damaged ledger that was set aside.
    package var previousFile: String?
    /// Its newest event as `seq:hash`, when it could be read.
    package var previousHead: String?
    /// Its random id in hexadecimal, when that was known.
    package var previousLedger: String?
    /// The event that a person settled with this one.
    package var settles: EventID?
    /// Events that came back from it without their details: first and last place of each range.
    package var missingDetails: [Int64]?

    /// An event that happens now on this machine; set what else its kind requires.
    package init(
        _ kind: EventKind, id: EventID = .generate(), atUs: Int64 = Clock.wallMicroseconds(),
        monoUs: Int64 = Clock.monotonicMicroseconds(), host: String = Machine.hostName
    ) {
        self.kind = kind
        self.id = id
        self.atUs = atUs
        self.monoUs = monoUs
        self.host = host
    }

    /// Reads the members of a record; those of a later version are passed over.
    init(_ members: CanonicalMembers) throws(RecordFlaw) {
        self.init(.requested, id: .zero, atUs: 0, monoUs: 0, host: "")
        try read(members)
    }

    /// Takes what this version understands from a record, be it one of a later version.
    package init(asFarAsUnderstood members: CanonicalMembers?) {
        self.init(.requested, id: .zero, atUs: 0, monoUs: 0, host: "")
        if let members { try? read(members) }
    }

    /// Reads a record; nil for one that is not canonical, or that this version does not understand.
    init?(record: [UInt8]) {
        guard let members = CanonicalMembers(record) else { return nil }
        try? self.init(members)
    }
}

extension Event: RecordFields {
    /// All members of a record.
    package mutating func visit<Visitor: MemberVisitor>(_ visitor: inout Visitor) {
        visitor.visit("actor", &actor)
        visitor.visit("ahead", &ahead)
        visitor.require("at_us", &atUs)
        visitor.visit("attempt", &attempt)
        visitor.visit("attempts", &attempts)
        visitor.visit("batch_key", &batchKey)
        visitor.visit("boot", &boot)
        visitor.visit("claimed_actor", &claimedActor)
        visitor.visit("client", &client)
        visitor.visit("command_us", &commandUs)
        visitor.visit("committed_at_us", &committedAtUs)
        visitor.visit("covered_by", &coveredBy)
        visitor.visit("covered_by_number", &coveredByNumber)
        visitor.visit("deployment", &deployment)
        visitor.visit("detail_hash", &detailHash)
        visitor.visit("ended_with", &endedWith)
        visitor.visit("event", &runEvent)
        visitor.visit("exit_code", &exitCode)
        visitor.visit("failed_step", &failedStep)
        visitor.visit("freeze", &freeze)
        visitor.visit("frozen_us", &frozenUs)
        visitor.visit("health", &health)
        visitor.visit("health_us", &healthUs)
        visitor.visit("held_us", &heldUs)
        visitor.require("host", &host)
        visitor.require("id", &id)
        visitor.require("kind", &kind)
        visitor.visit("last_alive_us", &lastAliveUs)
        visitor.visit("last_good_number", &lastGoodNumber)
        visitor.visit("last_good_sha", &lastGoodSha)
        visitor.visit("limit_us", &limitUs)
        visitor.visit("lock", &lock)
        visitor.visit("log_bytes", &logBytes)
        visitor.visit("log_file", &logFile)
        visitor.visit("log_sha256", &logHash)
        visitor.visit("login", &login)
        visitor.visit("missing_details", &missingDetails)
        visitor.require("mono_us", &monoUs)
        visitor.visit("next_number", &nextNumber)
        visitor.visit("not_reached", &notReached)
        visitor.visit("number", &number)
        visitor.visit("outcome", &outcome)
        visitor.visit("override_reason", &overrideReason)
        visitor.visit("overrode", &overrode)
        visitor.visit("pid", &pid)
        visitor.visit("pid_ns", &pidNS)
        visitor.visit("pid_start", &pidStart)
        visitor.visit("previous_file", &previousFile)
        visitor.visit("previous_head", &previousHead)
        visitor.visit("previous_ledger", &previousLedger)
        visitor.visit("queue", &queue)
        visitor.visit("reason", &reason)
        visitor.visit("recorded_by", &recordedBy)
        visitor.visit("ref", &ref)
        visitor.visit("result", &result)
        visitor.visit("rollback", &rollback)
        visitor.visit("rollback_us", &rollbackUs)
        visitor.visit("run_attempt", &runAttempt)
        visitor.visit("run_url", &runURL)
        visitor.visit("settles", &settles)
        visitor.visit("sha", &sha)
        visitor.visit("signal", &signal)
        visitor.visit("source", &source)
        visitor.visit("sudo_user", &sudoUser)
        visitor.visit("tier", &tier)
        visitor.visit("took_us", &tookUs)
        visitor.visit("uid", &uid)
        visitor.visit("until_us", &untilUs)
        visitor.visit("user", &user)
        visitor.require("v", &v)
        visitor.visit("victim", &victim)
        visitor.visit("victim_pid", &victimPid)
        visitor.visit("wait_us", &waitUs)
        visitor.visit("waiting", &waiting)
        visitor.visit("workflow", &workflow)
    }
}
