import FoundationEssentials
package import Glibc
package import JSON
package import Processes

/// The facts about one deployment that others on the machine may see: who, what, since when.
///
/// The published copy beside the lock file (`deploy.info`) and the facts in a ticket have this one
/// form. Everything but what old scripts write is optional, and a reader takes what it finds.
package struct DeploymentFacts: Decodable, Hashable, Sendable {
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
    /// Which step runs after the command: `health` or `rollback`; nil for the command itself.
    package var step: String?
    /// The exit code that a deployment which is rolled back ends with.
    package var endedWith: Int64?
    /// Whether a check follows the command.
    package var isChecked: Bool?
    /// Where its output is kept; nil when it is not.
    package var logFile: String?
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
    package func json() -> [UInt8] { Array(json.utf8) }

    /// Reads the JSON form, or the older `Key: value` lines; nil when it is neither.
    package init?(parsing bytes: [UInt8]) {
        // The form `json` writes is read without a general decoder: its first use costs a process
        // half a millisecond, and the next deployment waits for it.
        if let members = CanonicalMembers(bytes) {
            self.init()
            try? read(members)
        } else if let info = try? JSONDecoder().decode(Self.self, from: Data(bytes)) {
            self = info
        } else {
            self.init(lines: bytes)
        }
    }

    /// Reads any JSON form.
    package init(from decoder: any Decoder) throws {
        try read(decoder)
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
        if self == DeploymentFacts() { return nil }
    }
}

extension DeploymentFacts: RecordFields {
    /// All members, in the order of their keys.
    package mutating func visit<Visitor: MemberVisitor>(_ visitor: inout Visitor) {
        visitor.visit("acquired_at_us", &acquiredAtUs)
        visitor.visit("actor", &actor)
        visitor.visit("batch_key", &batchKey)
        visitor.visit("boot_id", &bootID)
        visitor.visit("command", &command)
        visitor.visit("command_pid", &commandPid)
        visitor.visit("command_start", &commandStart)
        visitor.visit("deployment", &deployment)
        visitor.visit("ended_with", &endedWith)
        visitor.visit("hostname", &hostname)
        visitor.visit("is_checked", &isChecked)
        visitor.visit("keeper_pid", &keeperPid)
        visitor.visit("keeper_start", &keeperStart)
        visitor.visit("log_file", &logFile)
        visitor.visit("number", &number)
        visitor.visit("pid", &pid)
        visitor.visit("pid_ns", &pidNamespace)
        visitor.visit("process_start", &processStart)
        visitor.visit("ref", &ref)
        visitor.visit("requested_at_us", &requestedAtUs)
        visitor.visit("run_url", &runURL)
        visitor.visit("sha", &sha)
        visitor.visit("source", &source)
        visitor.visit("started", &started)
        visitor.visit("step", &step)
        visitor.visit("steps_aside", &stepsAside)
        visitor.visit("tier", &tier)
        visitor.visit("timestamp", &timestamp)
        visitor.visit("user", &user)
    }
}
