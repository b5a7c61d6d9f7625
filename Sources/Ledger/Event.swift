internal import JSONLine
public import SystemCalls

/// One immutable fact about a deployment, the lock or the ledger itself.
///
/// Its JSON form has sorted keys in snake case; what is nil is absent. Times are in microseconds.
public struct Event: Decodable, Hashable, Sendable {
    /// The newest form of records that this program understands.
    static let knownVersion = 1

    /// Version of the record's form.
    public var v = knownVersion
    /// The event's own id.
    public var id: UUIDv7
    /// What it tells.
    public var kind: EventKind
    /// When it happened by the wall clock, in UTC since 1970.
    public var atUs: Int64
    /// When it happened by the monotonic clock of this boot.
    public var monoUs: Int64
    /// The machine it happened on.
    public var host: String

    /// The deployment it is about.
    public var deployment: UUIDv7?
    /// The deployment's ticket.
    public var number: Int64?
    /// The canonical path of the lock.
    public var lock: String?
    /// The effective user who wrote the event.
    public var user: String?
    /// The process that wrote the event; of `wrapperLost` the keeper.
    public var pid: Int64?

    /// The boot the process belongs to.
    public var boot: String?
    /// When the process started, in clock ticks since boot (field 22 of `/proc/PID/stat`).
    public var pidStart: Int64?
    /// The pid namespace that `pid` belongs to; see `Machine.pidNamespace`.
    public var pidNS: Int64?
    /// The effective user's number.
    public var uid: Int64?
    /// The user who logged in.
    public var login: String?
    /// The user who called `sudo`, by its own variable: a claim.
    public var sudoUser: String?
    /// The real person: who logged in, else the user of the nearest process above that is somebody
    /// else's, else the effective user.
    public var actor: String?
    /// The person that the actor claims to act for.
    public var claimedActor: String?
    /// Where the deployment comes from, such as `ssh` or `gha`.
    public var source: String?
    /// Which kind of deployment it is, such as `docker`.
    public var tier: String?
    /// The commit that is deployed.
    public var sha: String?
    /// The branch or tag that is deployed.
    public var ref: String?
    /// What stands for the deployments of which the newest covers the others.
    public var batchKey: String?
    /// The address of the CI run.
    public var runURL: String?
    /// Which attempt of the CI run, 1 for the first one.
    public var runAttempt: Int64?
    /// Deployments running or waiting before this one.
    public var ahead: Int64?
    /// The numbers of these; whoever has the lock without being a deployment has none.
    public var queue: [Int64]?
    /// SHA-256 over the salt and the detail, in hexadecimal.
    public var detailHash: String?

    /// How long it waited for the lock.
    public var waitUs: Int64?
    /// How long it had the lock.
    public var heldUs: Int64?
    /// The command's exit code.
    public var exitCode: Int64?
    /// The signal that ended the command.
    public var signal: Int64?
    /// How the deployment ended.
    public var outcome: Outcome?
    /// Why, in a word or two.
    public var reason: String?

    /// The deployment that this one stepped aside for.
    public var coveredBy: UUIDv7?
    /// That deployment's ticket.
    public var coveredByNumber: Int64?

    /// The last proof of life of a deployment that somebody else found dead.
    public var lastAliveUs: Int64?
    /// The deployment that found it dead.
    public var recordedBy: UUIDv7?

    /// The address a person who acts came from.
    public var client: String?
    /// In which way a lock was kept that a person freed, such as `holder` or `dead_orphan`.
    public var victim: String?
    /// The process that had it: the deployment's wrapper, or who took the lock without us.
    public var victimPid: Int64?
    /// How many waited for the lock when it was freed by force; how many CI runs were pending when
    /// one was skipped.
    public var waiting: Int64?
    /// What the forced unlock came to, such as `terminated`.
    public var result: String?
    /// The deployment that got the lock next.
    public var nextNumber: Int64?

    /// The damaged ledger that was set aside.
    public var previousFile: String?
    /// Its newest event as `seq:hash`, when it could be read.
    public var previousHead: String?
    /// Events that came back from it without their details: first and last place of each range.
    public var missingDetails: [Int64]?

    /// An event that happens now on this machine; set the rest as its kind wants it.
    public init(
        _ kind: EventKind, id: UUIDv7 = .generate(), atUs: Int64 = Clock.wallMicroseconds(),
        monoUs: Int64 = Clock.monotonicMicroseconds(), host: String = Machine.hostName
    ) {
        self.kind = kind
        self.id = id
        self.atUs = atUs
        self.monoUs = monoUs
        self.host = host
    }

    enum CodingKeys: String, CodingKey {
        case v, id, kind, host, deployment, number, lock, user, pid, boot, uid, login, actor
        case source, tier, sha, ref, ahead, signal, outcome, reason, client, victim, waiting
        case result, queue
        case batchKey = "batch_key"
        case coveredBy = "covered_by"
        case coveredByNumber = "covered_by_number"
        case victimPid = "victim_pid"
        case nextNumber = "next_number"
        case atUs = "at_us"
        case monoUs = "mono_us"
        case pidStart = "pid_start"
        case pidNS = "pid_ns"
        case sudoUser = "sudo_user"
        case claimedActor = "claimed_actor"
        case runURL = "run_url"
        case runAttempt = "run_attempt"
        case detailHash = "detail_hash"
        case waitUs = "wait_us"
        case heldUs = "held_us"
        case exitCode = "exit_code"
        case lastAliveUs = "last_alive_us"
        case recordedBy = "recorded_by"
        case previousFile = "previous_file"
        case previousHead = "previous_head"
        case missingDetails = "missing_details"
    }
}

extension Event {
    /// The event as one JSON object on one line.
    public var json: String {
        var object = JSONObject()
        object.set(CodingKeys.v.rawValue, Int64(v))
        object.set(CodingKeys.id.rawValue, id.description)
        object.set(CodingKeys.kind.rawValue, kind.rawValue)
        object.set(CodingKeys.atUs.rawValue, atUs)
        object.set(CodingKeys.monoUs.rawValue, monoUs)
        object.set(CodingKeys.host.rawValue, host)
        object.set(CodingKeys.deployment.rawValue, deployment?.description)
        object.set(CodingKeys.number.rawValue, number)
        object.set(CodingKeys.lock.rawValue, lock)
        object.set(CodingKeys.user.rawValue, user)
        object.set(CodingKeys.pid.rawValue, pid)
        object.set(CodingKeys.boot.rawValue, boot)
        object.set(CodingKeys.pidStart.rawValue, pidStart)
        object.set(CodingKeys.pidNS.rawValue, pidNS)
        object.set(CodingKeys.uid.rawValue, uid)
        object.set(CodingKeys.login.rawValue, login)
        object.set(CodingKeys.sudoUser.rawValue, sudoUser)
        object.set(CodingKeys.actor.rawValue, actor)
        object.set(CodingKeys.claimedActor.rawValue, claimedActor)
        object.set(CodingKeys.source.rawValue, source)
        object.set(CodingKeys.tier.rawValue, tier)
        object.set(CodingKeys.sha.rawValue, sha)
        object.set(CodingKeys.ref.rawValue, ref)
        object.set(CodingKeys.batchKey.rawValue, batchKey)
        object.set(CodingKeys.runURL.rawValue, runURL)
        object.set(CodingKeys.runAttempt.rawValue, runAttempt)
        object.set(CodingKeys.ahead.rawValue, ahead)
        object.set(CodingKeys.queue.rawValue, queue)
        object.set(CodingKeys.detailHash.rawValue, detailHash)
        object.set(CodingKeys.waitUs.rawValue, waitUs)
        object.set(CodingKeys.heldUs.rawValue, heldUs)
        object.set(CodingKeys.exitCode.rawValue, exitCode)
        object.set(CodingKeys.signal.rawValue, signal)
        object.set(CodingKeys.outcome.rawValue, outcome?.rawValue)
        object.set(CodingKeys.reason.rawValue, reason)
        object.set(CodingKeys.coveredBy.rawValue, coveredBy?.description)
        object.set(CodingKeys.coveredByNumber.rawValue, coveredByNumber)
        object.set(CodingKeys.lastAliveUs.rawValue, lastAliveUs)
        object.set(CodingKeys.recordedBy.rawValue, recordedBy?.description)
        object.set(CodingKeys.client.rawValue, client)
        object.set(CodingKeys.victim.rawValue, victim)
        object.set(CodingKeys.victimPid.rawValue, victimPid)
        object.set(CodingKeys.waiting.rawValue, waiting)
        object.set(CodingKeys.result.rawValue, result)
        object.set(CodingKeys.nextNumber.rawValue, nextNumber)
        object.set(CodingKeys.previousFile.rawValue, previousFile)
        object.set(CodingKeys.previousHead.rawValue, previousHead)
        object.set(CodingKeys.missingDetails.rawValue, missingDetails)
        return object.text
    }
}
