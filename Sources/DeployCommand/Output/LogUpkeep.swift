import CommandSupport
import Glibc
import Ledger
import Processes
import SystemCalls

/// What is done with kept output once a deployment is over: a process of its own that nobody waits
/// for and that everybody else comes before.
struct LogUpkeep: Sendable {
    let directory: String
    /// The deployment's own output.
    let log: LogName
    let maxAge: Int64?
    let maxSize: Int?
    /// The lock, when the deployment failed.
    let failedUnder: String?

    /// What the process is called, so that it is not taken for a deployment.
    static let name = "deploy-logs"

    init(_ plan: OutputPlan, _ log: LogName, failedUnder lock: String?) {
        directory = plan.directory
        self.log = log
        maxAge = plan.maxAge
        maxSize = plan.maxSize
        failedUnder = lock
    }

    private var arguments: [String] {
        [
            Self.name, directory, log.text, maxAge.map(String.init) ?? "",
            maxSize.map(String.init) ?? "", failedUnder ?? "",
        ]
    }

    private init?(_ arguments: [String]) {
        guard arguments.count == 6, arguments[0] == Self.name, let log = LogName(arguments[2])
        else {
            return nil
        }
        directory = arguments[1]
        self.log = log
        maxAge = Int64(arguments[3])
        maxSize = Int(arguments[4])
        failedUnder = arguments[5].isEmpty ? nil : arguments[5]
    }

    /// Starts the process; it has none of our descriptors, so it keeps nobody's connection open.
    func start() throws(SystemError) {
        _ = try Spawn.start(
            arguments.map { Array($0.utf8CString.dropLast()) }, program: "/proc/self/exe",
            environment: KeptLog.environment, searchesPath: false, ownGroup: true
        ) { actions in
            for number in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
                posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
            }
            Spawn.closeOthers(&actions)
        }
    }

    /// Does the work if this process was started for that; false when it was not.
    static func run(_ arguments: [String]) -> Bool {
        guard let upkeep = LogUpkeep(arguments) else { return false }
        Processor.stepBack()
        signal(SIGXFSZ, SIG_IGN)
        // What cannot be done now is left to the next deployment.
        try? upkeep.run()
        return true
    }

    /// How many files that earlier runs left are compressed, too.
    private static let most = 10

    private func run() throws(SystemError) {
        let folder = try LogFolder(directory)
        if let failedUnder, let status = try? folder.directory.status(of: log.text) {
            folder.noteFailure(
                of: log, lock: failedUnder,
                FileAccess(mode: status.permissions, owner: status.uid, group: status.gid))
        }
        let entries = try folder.directory.entries()
        folder.directory.removeDrafts(entries.filter { Directory.isDraft($0) })
        LogRotation(
            maxAge: maxAge, maxSize: maxSize,
            kept: folder.failures(in: entries).union([log.deployment])
        ).run(folder.directory, folder.logs(in: entries))
        let left = folder.logs(in: entries).filter { !$0.isCompressed && $0 != log }
        for log in [log] + left.suffix(Self.most).reversed() {
            LogSpace.giveBack(folder.directory, log)
            if LogCompression.run(log, in: folder.directory) == .impossible { return }
        }
    }
}
