import Glibc
package import SystemCalls

/// A command that ran to its end, or until its time was up, with what it wrote.
package struct CapturedRun: Sendable {
    /// How it ended; nil when its time was up and it was killed.
    package let status: ExitStatus?
    /// What it wrote to standard output, or the beginning of it.
    package let output: [UInt8]
    /// What it wrote to standard error, or the beginning of it.
    package let errors: [UInt8]
}

extension Command {
    /// Runs the command with nothing to read and collects what it writes.
    ///
    /// Its end counts, not that of its output: `ssh` may leave a process behind that keeps the
    /// pipes open.
    ///
    /// - Parameters:
    ///   - environment: variables to set beside our own.
    ///   - timeout: how long it may take, in µs, before it is killed.
    ///   - withChildren: whether what it started is killed, too; it then runs in a process group of
    ///     its own.
    ///   - limit: the most bytes kept of each stream.
    package func capture(
        environment: [(name: String, value: String)] = [], timeout: Int64,
        withChildren: Bool = false,
        limit: Int = 64 << 20
    ) throws(SystemError) -> CapturedRun {
        var out = try Pipe()
        var err = try Pipe()
        let ends = [out.writing?.rawValue, err.writing?.rawValue].compactMap(\.self)
        let pid = try spawn(environment: environment, ownGroup: withChildren) { actions in
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_adddup2(&actions, ends[0], STDOUT_FILENO)
            posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO)
        }
        out.writing = nil
        err.writing = nil
        let process = try FileDescriptor.process(pid)
        let deadline = Clock.monotonicMicroseconds() + timeout
        var (output, errors): ([UInt8], [UInt8]) = ([], [])
        var hasEnded = false
        while !hasEnded {
            let streams = [out.reading?.rawValue, err.reading?.rawValue].compactMap(\.self)
            let ready = try Poll.readable(streams + [process.rawValue], until: deadline)
            // Who writes without end is never waited for.
            if ready.isEmpty || Clock.monotonicMicroseconds() >= deadline { break }
            hasEnded = ready.contains(streams.count)
            output += out.readAvailable().prefix(limit - output.count)
            errors += err.readAvailable().prefix(limit - errors.count)
        }
        if !hasEnded { kill(withChildren ? -pid : pid, SIGKILL) }
        var word: CInt = 0
        while waitpid(pid, &word, 0) == -1, errno == EINTR {}
        return CapturedRun(
            status: hasEnded ? ExitStatus(waitStatus: word) : nil, output: output, errors: errors)
    }
}
