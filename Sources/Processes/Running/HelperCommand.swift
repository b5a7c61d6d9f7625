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
        /// Nobody waited for it any more: it was ended in the same way.
        case abandoned
    }

    private let line: String
    private let timeoutMicroseconds: Int64
    private let environment: [[CChar]]?

    /// How long it has to end after TERM before KILL.
    private static let grace: Int64 = 1_000_000

    /// - Parameters:
    ///   - line: what `/bin/sh -c` takes.
    ///   - environment: its variables, as `NAME=value`; nil for our own.
    package init(_ line: String, timeoutMicroseconds: Int64, environment: [[CChar]]? = nil) {
        self.line = line
        self.timeoutMicroseconds = timeoutMicroseconds
        self.environment = environment
    }

    /// Runs it with `input` on its standard input; what it prints goes to our standard error.
    ///
    /// It has no other descriptor of ours, and so no lock.
    ///
    /// - Parameter abandoned: readable when nobody waits any more.
    package func run(input: [UInt8], abandoned: CInt? = nil) throws(SystemError) -> End {
        // In memory: nobody has to wait for one that does not read.
        let file = try FileDescriptor.inMemory(input)
        let raw = file.rawValue
        let pid = try Command(["/bin/sh", "-c", line]).spawn(environment, ownGroup: true) {
            actions in
            posix_spawn_file_actions_adddup2(&actions, raw, STDIN_FILENO)
            posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
            Spawn.closeOthers(&actions)
        }
        let process = try FileDescriptor.process(pid)
        let deadline = Clock.monotonicMicroseconds() + timeoutMicroseconds
        let ready = try Poll.readable(
            [process.rawValue] + [abandoned].compactMap(\.self), until: deadline)
        if ready.first == 0 { return .ended(try .ofEnded(pid)) }
        kill(-pid, SIGTERM)
        _ = try Poll.readable(
            [process.rawValue], until: Clock.monotonicMicroseconds() + Self.grace)
        // The whole group: what it started may not have heeded TERM.
        kill(-pid, SIGKILL)
        try ExitStatus.ofEnded(pid)
        return ready.isEmpty ? .timedOut : .abandoned
    }
}
