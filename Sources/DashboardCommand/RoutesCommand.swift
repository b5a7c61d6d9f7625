import ArgumentParser
import CommandSupport
import Dashboard
import DeployLock
import DeploymentMetrics
import Ledger
import Queries

/// `deploy-dashboard routes`: what the server answers, for whoever checks that nothing is open.
struct RoutesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "routes", abstract: "List what the server answers, and who may ask.",
        discussion: "Each line has a method, a path, and token, badge or everybody.",
        shouldDisplay: false)

    func run() throws {
        let options = DashboardOptions(
            ledger: LedgerSettings(path: LedgerSettings.defaultPath()),
            locks: [LockPaths(lockFile: LockPaths.defaultLockFile)], targets: .builtIn, zone: .utc,
            tokenFile: "")
        for address in DashboardServer(options).addresses {
            try StandardOutput.print(address + "\n")
        }
    }
}
