import ArgumentParser
import CommandSupport
import DeployLock
import Ledger
import Wording

/// Which lock's freezes, and the ledger that hears of them.
struct FreezePlace: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The lock. (default: DEPLOY_LOCK_FILE, \(LockPaths.defaultLockFile))",
            valueName: "path"), completion: .file())
    var lockFile: String?

    @OptionGroup(title: "Ledger")
    var ledger: LedgerOptions

    func validate() throws {
        if lockFile?.isEmpty == true {
            throw ValidationError("--lock-file is empty; name the lock's file")
        }
    }

    /// The lock with its freezes as they are now.
    func open() throws -> FreezeDesk {
        let configuration = try Configuration.forCommand()
        let paths = LockPaths(lockFile: lockFile, infoFile: nil, configuration)
        return FreezeDesk(
            queue: WaitQueue(paths), ledger: try ledger.settings(configuration),
            log: EventLog(configuration, lock: paths.lockFile),
            origin: Origin(
                source: configuration.value("DEPLOY_SOURCE"),
                claimedActor: configuration.value("DEPLOY_ACTOR"), ci: CIRun()))
    }
}

/// Where freezes of one lock are made and ended.
struct FreezeDesk {
    let queue: WaitQueue
    let ledger: LedgerSettings
    let log: EventLog?
    let origin: Origin

    var lock: String { queue.paths.lockFile }
    var events: FreezeEvents { FreezeEvents(lock: lock, origin: origin) }

    /// Those in force.
    func freezes() throws -> Freezes {
        try Failure.wrap { try queue.freezes(or: ledger) }
    }

    /// Takes an event to the ledger; a ledger that cannot be written hinders nobody.
    func record(_ event: EventEnvelope) {
        log?.write([event])
        for line in LedgerWriter(ledger).record([event]).words {
            Terminal.complain("deploystats: " + line)
        }
    }

    /// The one that somebody means by the beginning of an id.
    ///
    /// - Throws: the end of the run when it is none, or more than one.
    func freeze(_ name: String, among freezes: Freezes) throws -> String {
        let found = freezes.ids.filter { $0.hasPrefix(name) }
        if let only = found.first, found.count == 1 || found.contains(name) {
            return found.contains(name) ? name : only
        }
        let what = found.isEmpty ? "no freeze" : "more than one freeze"
        throw Failure.because(
            "\(what) of \(lock) in force has an id that begins with '\(name.escapedForTerminal)'; "
                + "list them with 'deploystats freezes'")
    }
}
