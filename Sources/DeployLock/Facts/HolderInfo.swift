import FoundationEssentials
package import Glibc
import JSON
package import Processes

/// The facts about one deployment that others on the machine may see: who, what, since when.
///
/// The published copy beside the lock file (`deploy.info`) and the facts in a ticket have this one
/// form. Everything but what old scripts write is optional, and a reader takes what it finds.
package struct HolderInfo: Decodable, Hashable, Sendable {
    /// The wrapper's process.
    package var pid: pid_t?
    /// The user it runs as.
    package var user: String?
    /// Who asked, for people, such as `ann via deploy`; nil when that is the user.
    package var actor: String?
    /// When the deployment asked for the lock or, once it holds it, when it got it: RFC 3339, UTC.
    package var started: String?
    /// `started` in seconds since 1970.
    package var timestamp: Int64?
    /// The command line, secrets masked.
    package var command: String?
    /// The machine.
    package var hostname: String?
    /// The deployment's id in the ledger.
    package var deployment: String?
    /// The deployment's number.
    package var number: Int64?
    /// The boot the process ids belong to.
    package var bootID: String?
    /// The wrapper's start time; see `ProcessIdentity`.
    package var processStart: UInt64?
    /// Kind of deployment, such as `docker`.
    package var tier: String?
    /// Where it came from, such as `ssh`.
    package var source: String?
    /// The commit.
    package var sha: String?
    /// The branch or tag.
    package var ref: String?
    /// The address of the CI run.
    package var runURL: String?
    /// What stands for the deployments of which the newest covers the others; nil when it covers
    /// none.
    package var batchKey: String?
    /// Whether it steps aside for a newer deployment with the same batch key.
    package var stepsAside: Bool?
    /// When it asked for the lock, wall clock in µs.
    package var requestedAtUs: Int64?
    /// When it got the lock, wall clock in µs; nil while it waits.
    package var acquiredAtUs: Int64?
    /// The command's process.
    package var commandPid: pid_t?
    /// The command's start time.
    package var commandStart: UInt64?
    /// The process between wrapper and command.
    package var keeperPid: pid_t?
    /// The keeper's start time.
    package var keeperStart: UInt64?
    /// The pid namespace of all these processes; see `Machine.pidNamespace`.
    package var pidNamespace: UInt64?

    enum CodingKeys: String, CodingKey {
        case pid, user, actor, started, timestamp, command, hostname, deployment, number
        case bootID = "boot_id"
        case processStart = "process_start"
        case tier, source, sha, ref
        case runURL = "run_url"
        case batchKey = "batch_key"
        case stepsAside = "steps_aside"
        case requestedAtUs = "requested_at_us"
        case acquiredAtUs = "acquired_at_us"
        case commandPid = "command_pid"
        case commandStart = "command_start"
        case keeperPid = "keeper_pid"
        case keeperStart = "keeper_start"
        case pidNamespace = "pid_ns"
    }

    /// Who asked, as far as it is known.
    package var person: String? { actor ?? user }

    /// Nothing known yet.
    package init() {}

    /// The wrapper, when enough is known to tell it from others.
    package var process: ProcessIdentity? {
        identity(pid, processStart)
    }

    /// The command, when it has been started.
    package var commandProcess: ProcessIdentity? {
        identity(commandPid, commandStart)
    }

    /// The process between wrapper and command, when the command has been started.
    package var keeper: ProcessIdentity? { identity(keeperPid, keeperStart) }

    private func identity(_ pid: pid_t?, _ start: UInt64?) -> ProcessIdentity? {
        guard let bootID, let pid, let start else { return nil }
        return ProcessIdentity(boot: bootID, pid: pid, startTime: start, namespace: pidNamespace)
    }

    /// One line of JSON.
    package func json() -> [UInt8] {
        var object = JSONObject()
        object.set(CodingKeys.pid.rawValue, pid.map(Int64.init))
        object.set(CodingKeys.user.rawValue, user)
        object.set(CodingKeys.actor.rawValue, actor)
        object.set(CodingKeys.started.rawValue, started)
        object.set(CodingKeys.timestamp.rawValue, timestamp)
        object.set(CodingKeys.command.rawValue, command)
        object.set(CodingKeys.hostname.rawValue, hostname)
        object.set(CodingKeys.deployment.rawValue, deployment)
        object.set(CodingKeys.number.rawValue, number)
        object.set(CodingKeys.bootID.rawValue, bootID)
        object.set(CodingKeys.processStart.rawValue, processStart.map { Int64(clamping: $0) })
        object.set(CodingKeys.tier.rawValue, tier)
        object.set(CodingKeys.source.rawValue, source)
        object.set(CodingKeys.sha.rawValue, sha)
        object.set(CodingKeys.ref.rawValue, ref)
        object.set(CodingKeys.runURL.rawValue, runURL)
        object.set(CodingKeys.batchKey.rawValue, batchKey)
        object.set(CodingKeys.stepsAside.rawValue, stepsAside)
        object.set(CodingKeys.requestedAtUs.rawValue, requestedAtUs)
        object.set(CodingKeys.acquiredAtUs.rawValue, acquiredAtUs)
        object.set(CodingKeys.commandPid.rawValue, commandPid.map(Int64.init))
        object.set(CodingKeys.commandStart.rawValue, commandStart.map { Int64(clamping: $0) })
        object.set(CodingKeys.keeperPid.rawValue, keeperPid.map(Int64.init))
        object.set(CodingKeys.keeperStart.rawValue, keeperStart.map { Int64(clamping: $0) })
        object.set(CodingKeys.pidNamespace.rawValue, pidNamespace.map { Int64(clamping: $0) })
        return Array(object.text.utf8)
    }

    /// Reads the JSON form, or the older `Key: value` lines; nil when it is neither.
    package init?(parsing bytes: [UInt8]) {
        if let own = Self.canonical(bytes) {
            self = own
        } else if let info = try? JSONDecoder().decode(Self.self, from: Data(bytes)) {
            self = info
        } else {
            self.init(lines: bytes)
        }
    }

    /// The form `json` writes, read without a general decoder: its first use costs a process half
    /// a millisecond, and the next deployment waits for it.
    private static func canonical(_ bytes: [UInt8]) -> HolderInfo? {
        guard let members = CanonicalJSON.members(of: bytes) else { return nil }
        func text(_ key: CodingKeys) -> String? {
            members[key.rawValue].flatMap { CanonicalJSON.text($0) }
        }
        func integer(_ key: CodingKeys) -> Int64? { members[key.rawValue].flatMap { Int64($0) } }
        var info = HolderInfo()
        info.pid = integer(.pid).flatMap { pid_t(exactly: $0) }
        info.user = text(.user)
        info.actor = text(.actor)
        info.started = text(.started)
        info.timestamp = integer(.timestamp)
        info.command = text(.command)
        info.hostname = text(.hostname)
        info.deployment = text(.deployment)
        info.number = integer(.number)
        info.bootID = text(.bootID)
        info.processStart = integer(.processStart).flatMap { UInt64(exactly: $0) }
        info.tier = text(.tier)
        info.source = text(.source)
        info.sha = text(.sha)
        info.ref = text(.ref)
        info.runURL = text(.runURL)
        info.batchKey = text(.batchKey)
        info.stepsAside = members[CodingKeys.stepsAside.rawValue].map { $0 == "true" }
        info.requestedAtUs = integer(.requestedAtUs)
        info.acquiredAtUs = integer(.acquiredAtUs)
        info.commandPid = integer(.commandPid).flatMap { pid_t(exactly: $0) }
        info.commandStart = integer(.commandStart).flatMap { UInt64(exactly: $0) }
        info.keeperPid = integer(.keeperPid).flatMap { pid_t(exactly: $0) }
        info.keeperStart = integer(.keeperStart).flatMap { UInt64(exactly: $0) }
        info.pidNamespace = integer(.pidNamespace).flatMap { UInt64(exactly: $0) }
        return info
    }

    private init?(lines bytes: [UInt8]) {
        self.init()
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = String(line[line.index(after: colon)...].drop(while: \.isWhitespace))
            switch line[..<colon].lowercased() {
            case "pid": pid = pid_t(value)
            case "user": user = value
            case "started": started = value
            case "timestamp": timestamp = Int64(value)
            case "command": command = value
            case "hostname": hostname = value
            default: break
            }
        }
        if self == HolderInfo() { return nil }
    }
}
