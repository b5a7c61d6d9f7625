import ArgumentParser
import CommandSupport
import Dashboard
import DeployLock
import Ledger
import Queries
import Status

/// `deploy-dashboard routes`: what the server answers, for whoever checks that nothing is open.
struct RoutesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "routes", abstract: "List what the server answers, and who may ask.",
        discussion: "Each line has a method, a path, and token, badge or everybody.",
        shouldDisplay: false)

    func run() throws {
        let source = StatusSource(
            LedgerSettings(path: LedgerSettings.defaultPath()),
            locks: [LockPaths(lockFile: LockPaths.defaultLockFile)])
        let options = DashboardOptions(source, zone: .utc, tokenFile: "")
        for address in DashboardServer(options).addresses {
            try StandardOutput.print(address + "\n")
        }
    }
}
