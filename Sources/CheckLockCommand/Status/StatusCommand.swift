package import ArgumentParser
import CommandSupport
import DeployLock
import Ledger
import Wording

/// `check-deploy-lock status`, the default: the lock as it is now.
package struct StatusCommand: ParsableCommand {
    /// Name and help.
    package static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show who holds the deploy lock and who is waiting for it (the default).",
        usage: "check-deploy-lock [<options>]\ncheck-deploy-lock audit [<path> …]",
        discussion: """
            This never disturbs a deployment and requires no special rights; root sees more.

            EXIT CODES
              0    the state could be determined
              3    it could not
              64   usage error
            With --exit-code:
              0    free
              1    held, by a deployment or an unrecorded process
              2    orphan, running or dead
              3    unknown

            Options override the environment (DEPLOY_LOCK_FILE, DEPLOY_LOCK_INFO_FILE, \
            DEPLOY_LEDGER), which overrides /etc/deploy-ledger.conf.
            """,
        helpNames: .shortAndLong)

    @OptionGroup(title: "Lock")
    var place: LockPlaceOptions

    @Option(
        help: ArgumentHelp(
            "The ledger. (default: /var/lib/deploy-ledger/ledger.db for root)", valueName: "path"),
        completion: .file())
    var ledger: String?

    @Option(
        help: ArgumentHelp(
            "Warn about a deployment that has been running longer: 90, 90s, 20m, 1h30m.",
            valueName: "duration"))
    var warnAfter = "20m"

    @Flag(help: "Print one JSON document.")
    var json = false

    @Flag(help: "Repeat until Ctrl-C; implies --no-record.")
    var watch = false

    @Option(
        help: ArgumentHelp(
            "How long --watch pauses, at least 0.1s. (default: 2s)",
            valueName: "duration"))
    var interval: String?

    @Flag(help: "Exit with 0 when free, 1 held, 2 orphan, 3 unknown.")
    var exitCode = false

    @Flag(help: "Do not record in the ledger what is found dead.")
    var noRecord = false

    @OptionGroup(title: "Forced unlock")
    var unlock: ForceUnlockOptions

    /// For the parser.
    package init() {}

    /// Checks what the options say of each other.
    package func validate() throws {
        if interval != nil, !watch { throw ValidationError("--interval requires --watch") }
        guard unlock.forceUnlock else { return }
        let others = [("--json", json), ("--watch", watch), ("--no-record", noRecord)]
        if let (name, _) = others.first(where: \.1) {
            throw ValidationError("\(name) cannot be combined with --force-unlock")
        }
    }

    /// Looks, or frees the lock, and exits.
    package func run() throws {
        let configuration = try Configuration.forCommand()
        if unlock.forceUnlock {
            OldSpelling.hint(at: unlock.id == nil ? [] : [.id])
            let settings = try LedgerSettings(option: ledger, configuration)
            let plan = UnlockPlan(unlock, place.paths(configuration), settings, configuration)
            throw ExitCode(ForcedUnlock(plan).run())
        }
        let interval = try Self.duration("--interval", interval ?? "2s")
        if interval < StatusWatch.shortest {
            throw ValidationError("--interval must be at least 0.1s")
        }
        let look = StatusQuery(
            paths: place.paths(configuration),
            ledger: try LedgerSettings(option: ledger, configuration),
            warnAfter: try Self.duration("--warn-after", warnAfter),
            records: !noRecord && !watch,
            format: json ? (watch ? .line : .document) : .text)
        let code: CInt
        if watch {
            code = try StatusWatch(look: look, interval: interval).run()
        } else {
            let seen = look.look()
            try StandardOutput.print(seen.text)
            code = seen.code
        }
        throw ExitCode(exitCode || code == ExitCodes.Status.unknown ? code : 0)
    }

    private static func duration(_ option: String, _ text: String) throws -> Int64 {
        guard let value = DurationText.parse(option: text) else {
            throw ValidationError(
                "\(option) requires a duration such as 90, 90s, 20m or 1h30m, not '\(text)'")
        }
        return value
    }
}
