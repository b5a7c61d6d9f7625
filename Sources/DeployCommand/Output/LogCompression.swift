import CommandSupport
import Glibc
import SystemCalls

/// Compresses kept output with gzip(1).
enum LogCompression {
    /// How long one file may take, in µs.
    private static let patience: Int64 = 3_600_000_000

    /// What became of a file.
    enum Answer: Hashable, Sendable {
        case done
        /// Somebody has it open, or it is not ours to replace; a later run may do it.
        case left
        /// There is no gzip(1).
        case impossible
    }

    /// Replaces a file by what gzip(1) makes of it, unless some process has it open.
    static func run(_ log: LogName, in directory: borrowing Directory) -> Answer {
        // One at a time: the lock is held until the file is gone.
        guard let file = try? directory.open(log.text, O_RDONLY | O_NONBLOCK | O_NOCTTY),
            let status = try? file.status(), status.isRegularFile, LogSpace.isUnused(file),
            file.isOpenElsewhere != true
        else { return .left }
        let access = FileAccess(
            mode: status.permissions, owner: status.uid, group: status.gid)
        let target = log.compressed(true).text
        do {
            let draft = try directory.draft(of: target, access)
            do {
                guard try compress(file, into: draft.file) else {
                    try? directory.unlink(draft.name)
                    return .left
                }
                // Before the other one goes.
                try draft.file.synchronizeData()
                guard try file.status().size == status.size, file.isOpenElsewhere != true else {
                    try? directory.unlink(draft.name)
                    return .left
                }
                try directory.rename(draft.name, to: target)
                try directory.unlink(log.text)
                return .done
            } catch {
                try? directory.unlink(draft.name)
                throw error
            }
        } catch {
            return (error as? SystemError)?.code == ENOENT ? .impossible : .left
        }
    }

    private static func compress(
        _ file: borrowing FileDescriptor, into draft: borrowing FileDescriptor
    ) throws(SystemError) -> Bool {
        let (input, output) = (file.rawValue, draft.rawValue)
        let pid = try Spawn.start(
            ["gzip", "-c"].map { Array($0.utf8CString.dropLast()) },
            environment: KeptLog.environment, searchesPath: true, ownGroup: false
        ) { actions in
            posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
            posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        }
        let process = try FileDescriptor.process(pid)
        let deadline = Clock.monotonicMicroseconds() + patience
        if try Poll.readable([process.rawValue], until: deadline).isEmpty { kill(pid, SIGKILL) }
        return try ExitStatus.ofEnded(pid) == .exited(0)
    }
}
