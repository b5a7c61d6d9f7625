import ArgumentParser
import CommandSupport
import Dashboard
import DeployLock
import DeploymentMetrics
import Dispatch
import Ledger
import Queries
import Synchronization

/// `deploy-dashboard serve`, which is what the tool does when no command is named.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve the pages and the API.")

    @Option(help: ArgumentHelp("The address to listen on.", valueName: "address"))
    var host = "127.0.0.1"

    @Option(help: ArgumentHelp("The port to listen on; 0 for any.", valueName: "number"))
    var port = 8080

    @Option(help: ArgumentHelp("The ledger's file.", valueName: "path"), completion: .file())
    var ledger: String?

    @Option(
        help: ArgumentHelp("A lock to show; may be given more than once.", valueName: "path"),
        completion: .file())
    var lockFile: [String] = []

    @OptionGroup var tokens: TokenFileOptions

    @Flag(name: .customLong("public"), help: "Let everybody on this machine read.")
    var isPublic = false

    func run() throws {
        let configuration = try Configuration.forCommand()
        let settings = try LedgerSettings(option: ledger, configuration)
        var options = DashboardOptions(
            ledger: settings, locks: lockFile.map { LockPaths(lockFile: $0) },
            targets: .builtIn, zone: .utc,
            tokenFile: try tokens.file(configuration).path)
        options.isPublic = isPublic
        options.address = .tcp(host: host, port: port)
        let server = DashboardServer(options)
        try Waiting.wait {
            try await server.run { Terminal.complain("deploy-dashboard: listening on \($0)") }
        }
    }
}

/// From a command's own thread to what runs on others.
enum Waiting {
    /// Waits for the end of what runs meanwhile.
    static func wait(_ body: @escaping @Sendable () async throws -> Void) throws {
        let done = DispatchSemaphore(value: 0)
        let failure = Mutex<(any Error)?>(nil)
        Task.detached {
            do { try await body() } catch { failure.withLock { $0 = error } }
            done.signal()
        }
        done.wait()
        if let error = failure.withLock(\.self) { throw error }
    }
}
