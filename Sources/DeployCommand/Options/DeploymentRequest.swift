import CommandSupport
import Glibc

/// What the command line of `deploy-with-lock` asks for, as it was written.
struct DeploymentRequest: Hashable, Sendable {
    var lockFile: String?
    var infoFile: String?
    var timeout: String?
    var noWait = false
    var busyExitCode = ExitCodes.busy
    var queue = QueueRequest()
    var health = HealthRequest()
    var rollback = RollbackRequest()
    var limit = LimitRequest()
    var freeze = FreezeRequest()
    var output = OutputRequest()
    var notify = NotifyRequest()
    var ledger: String?
    var source: String?
    var actor: String?
    var tier: String?
    var sha: String?
    var ref: String?
    var runURL: String?
    var message: String?
    var committedAt: String?
    var quiet = false
    var verbose = false
    /// How many of the last arguments are the command.
    var commandLength = 0
}

/// What it asks for about the others in the queue.
struct QueueRequest: Hashable, Sendable {
    var maxQueue: String?
    var ignoresLimit = false
    var yieldsToNewer = false
    var batchKey: String?
    var waitCovered = false
    var skipExitCode = ExitCodes.skipped
    /// Which of these were given under an old name.
    var oldSpellings: Set<OldSpelling> = []
}

extension DeploymentRequest {
    /// Reads a command line that holds nothing but options under their full names, their values and
    /// a command; nil for every other one, right or wrong, which is the parser's to read.
    ///
    /// The parser finds out by reflection what options there are, which costs each process as much
    /// as recording a deployment. Both read what this one reads alike, see the tests.
    init?(plain arguments: [String]) {
        var rest = arguments[...]
        while let word = rest.first, word.hasPrefix("-") {
            rest.removeFirst()
            if word == "--" { break }
            if setFlag(word) { continue }
            guard let value = rest.popFirst(), !value.isEmpty, !value.hasPrefix("-"),
                setOption(word, value)
            else { return nil }
        }
        guard let program = rest.first, !program.isEmpty else { return nil }
        commandLength = rest.count
    }

    private mutating func setFlag(_ name: String) -> Bool {
        switch name {
        case "--no-wait": noWait = true
        case "--ignore-max-queue": queue.ignoresLimit = true
        case "--yield-to-newer": queue.yieldsToNewer = true
        case OldSpelling.forceQueue.old, OldSpelling.supersede.old:
            let spelling: OldSpelling = name == OldSpelling.supersede.old ? .supersede : .forceQueue
            queue.oldSpellings.insert(spelling)
            return setFlag(spelling.now)
        case "--wait-covered": queue.waitCovered = true
        case "--quiet", "-q": quiet = true
        case "--verbose", "-v": verbose = true
        default:
            return health.setFlag(name) || rollback.setFlag(name) || notify.setFlag(name)
        }
        return true
    }

    private mutating func setOption(_ name: String, _ value: String) -> Bool {
        switch name {
        case "--lock-file": lockFile = value
        case "--info-file": infoFile = value
        case "--timeout": timeout = value
        case "--busy-exit-code":
            guard let code = Int32(value) else { return false }
            busyExitCode = code
        case "--skip-exit-code":
            guard let code = Int32(value) else { return false }
            queue.skipExitCode = code
        case "--max-queue": queue.maxQueue = value
        case "--batch-key": queue.batchKey = value
        case "--ledger": ledger = value
        case "--source": source = value
        case "--actor": actor = value
        case "--tier": tier = value
        case "--sha": sha = value
        case "--ref": ref = value
        case "--run-url": runURL = value
        case "--message": message = value
        case "--committed-at": committedAt = value
        default:
            return health.setOption(name, value) || rollback.setOption(name, value)
                || limit.setOption(name, value) || freeze.setOption(name, value)
                || output.setOption(name, value) || notify.setOption(name, value)
        }
        return true
    }
}
