/// The facts of an event's record that sentences are made of.
///
/// Everything is optional and kinds are texts: a record that a later version wrote shall be shown as
/// far as it is understood.
struct EventRecord: Decodable, Sendable {
    var kind: String?
    var atUs: Int64?
    var host: String?
    var user: String?
    var pid: Int64?
    var login: String?
    var sudoUser: String?
    var actor: String?
    var claimedActor: String?
    var source: String?
    var tier: String?
    var sha: String?
    var ref: String?
    var batchKey: String?
    var runURL: String?
    var runAttempt: Int64?
    var ahead: Int64?
    var queue: [Int64]?
    var coveredBy: String?
    var coveredByNumber: Int64?
    var waitUs: Int64?
    var heldUs: Int64?
    var exitCode: Int64?
    var signal: Int64?
    var reason: String?
    var lastAliveUs: Int64?
    var recordedBy: String?
    var client: String?
    var victim: String?
    var victimPid: Int64?
    var result: String?
    var nextNumber: Int64?

    enum CodingKeys: String, CodingKey {
        case kind, host, user, pid, login, actor, source, tier, sha, ref, ahead, signal, reason
        case client, victim, result, queue
        case batchKey = "batch_key"
        case coveredBy = "covered_by"
        case coveredByNumber = "covered_by_number"
        case victimPid = "victim_pid"
        case nextNumber = "next_number"
        case atUs = "at_us"
        case sudoUser = "sudo_user"
        case claimedActor = "claimed_actor"
        case runURL = "run_url"
        case runAttempt = "run_attempt"
        case waitUs = "wait_us"
        case heldUs = "held_us"
        case exitCode = "exit_code"
        case lastAliveUs = "last_alive_us"
        case recordedBy = "recorded_by"
    }
}

/// What is kept beside the record because it may be secret.
struct EventDetailText: Decodable, Sendable {
    var command: [String]?
    var directory: String?
    var message: String?
}
