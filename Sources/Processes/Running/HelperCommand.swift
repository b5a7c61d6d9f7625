import Glibc
package import SystemCalls

/// A command that a person gave as one line for the shell, to be told something and then to end.
package struct HelperCommand: Sendable {
    /// How it ended.
    package enum End: Hashable, Sendable {
        /// On its own.
        case ended(ExitStatus)
        /// It took too long and was ended with all it had started.
        case timedOut
    }

    private let line: String
    private let timeoutMicroseconds: Int64

    /// How long it has to end after TERM before KILL.
    private static let grace: Int64 = 1_000_000

    /// - Parameter line: what `/bin/sh -c` takes.
    package init(_ line: String, timeoutMicroseconds: Int64) {
        self.line = line
        self.timeoutMicroseconds = timeoutMicroseconds
    }

    /// Runs it with `input` on its standard input; what it prints goes to our standard error.
    package func run(input: [UInt8]) throws(SystemError) -> End {
        // In memory: nobody has to wait for one that does not read.
        let file = try FileDescriptor.inMemory(input)
        let raw = file.rawValue
        let pid = try Command(["/bin/sh", "-c", line]).spawn(ownGroup: true) {
            actions in
            posix_spawn_file_actions_adddup2(&actions, raw, STDIN_FILENO)
            posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
        }
        let process = try FileDescriptor.process(pid)
        let deadline = Clock.monotonicMicroseconds() + timeoutMicroseconds
        if try !Poll.readable([process.rawValue], until: deadline).isEmpty {
            return .ended(try .ofEnded(pid))
        }
        kill(-pid, SIGTERM)
        _ = try Poll.readable(
            [process.rawValue], until: Clock.monotonicMicroseconds() + Self.grace)
        // The whole group: what it started may not have heeded TERM.
        kill(-pid, SIGKILL)
        try ExitStatus.ofEnded(pid)
        return .timedOut
    }
}
