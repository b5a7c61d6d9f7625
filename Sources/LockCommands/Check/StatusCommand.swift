import ArgumentParser
import CommandSupport
import DeployLock
import Ledger

/// `check-deploy-lock status`, the default: the lock as it is now.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show who holds the lock and who waits (the default).")

    @OptionGroup(title: "Lock")
    var place: LockPlaceOptions

    @Option(help: "The ledger. (default: /var/lib/deploy-ledger/ledger.db for root)")
    var ledger: String?

    @OptionGroup(title: "Forced unlock")
    var unlock: ForceUnlockOptions

    func run() throws {
        let configuration: Configuration
        do {
            configuration = try Configuration.load()
        } catch {
            throw ValidationError(error.description)
        }
        let paths = place.paths(configuration)
        let isHeld = KernelLocks.locker(of: paths.lockFile) != nil
        print("\(paths.lockFile): \(isHeld ? "held" : "free")")
    }
}
