import CommandSupport
import Glibc
import SystemCalls

/// Compresses kept output once its deployment is over: a process of its own that nobody waits for
/// and that everybody else comes before.
struct LogUpkeep: Sendable {
    /// The path of the directory.
    let directory: String
    /// The deployment's own output.
    let log: LogName

    /// What the process is called, so that it is not taken for a deployment.
    static let name = "deploy-logs"

    /// How many files that earlier ones left are compressed, too.
    private static let most = 10

    /// Starts the process; it has none of our descriptors, so it keeps nobody's connection open.
    func start() throws(SystemError) {
        _ = try Spawn.start(
            [Self.name, directory, log.text].map { Array($0.utf8CString.dropLast()) },
            program: "/proc/self/exe", environment: KeptLog.environment, searchesPath: false,
            ownGroup: true
        ) { actions in
            for number in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
                posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
            }
            Spawn.closeOthers(&actions)
        }
    }

    /// Does the work if this process was started for that; false when it was not.
    static func run(_ arguments: [String]) -> Bool {
        guard arguments.count == 3, arguments[0] == name, let log = LogName(arguments[2]) else {
            return false
        }
        Processor.stepBack()
        signal(SIGXFSZ, SIG_IGN)
        // What cannot be done now is left to the next deployment.
        try? LogUpkeep(directory: arguments[1], log: log).run()
        return true
    }

    private func run() throws(SystemError) {
        let folder = try LogFolder(directory)
        let entries = try folder.directory.entries()
        folder.directory.removeDrafts(entries.filter { Directory.isDraft($0) })
        let left = folder.logs(in: entries).filter { !$0.isCompressed && $0 != log }
        let canCompress = compress(log, in: folder, attempts: Self.attempts) != .impossible
        for log in left.suffix(Self.most).reversed() {
            if canCompress {
                _ = compress(log, in: folder, attempts: 1)
            } else {
                LogSpace.giveBack(folder.directory, log)
            }
        }
    }

    /// Two that look at one file at a time both leave it, because the other one has it open.
    private static let attempts = 5

    private func compress(
        _ log: LogName, in folder: borrowing LogFolder, attempts: Int
    ) -> LogCompression.Answer {
        LogSpace.giveBack(folder.directory, log)
        var answer = LogCompression.run(log, in: folder.directory)
        for _ in 1..<attempts where answer == .left {
            usleep(.random(in: 20_000...200_000))
            answer = LogCompression.run(log, in: folder.directory)
        }
        return answer
    }
}
