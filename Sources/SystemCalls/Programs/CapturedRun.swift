import Glibc

/// A program that ran to its end, or until its time was up, with what it wrote.
package struct CapturedRun: Sendable {
    /// How it ended; nil when its time was up and it was killed.
    package let status: ExitStatus?
    /// What it wrote to standard output, or the beginning of it.
    package private(set) var output: [UInt8] = []
    /// What it wrote to standard error, or the beginning of it.
    package private(set) var errors: [UInt8] = []

    /// Runs a program with nothing to read and collects what it writes.
    ///
    /// Its end counts, not that of its output: `ssh` may leave a process behind that keeps the
    /// pipes open. Safe beside a command that somebody else waits for: only this process is waited
    /// for, by its id, and it gets none of our descriptors.
    ///
    /// - Parameters:
    ///   - arguments: the program's name first.
    ///   - searchesPath: looks for the program in `PATH`.
    ///   - timeout: how long it may take, in µs, before it is killed.
    ///   - withChildren: whether what it started is killed, too; it then runs in a process group of
    ///     its own.
    ///   - limit: the most bytes kept of each stream.
    package init(
        of arguments: [[CChar]], environment: [[CChar]], searchesPath: Bool, timeout: Int64,
        withChildren: Bool, limit: Int
    ) throws(SystemError) {
        var out = try Pipe()
        var err = try Pipe()
        let ends = [out.writing?.rawValue, err.writing?.rawValue].compactMap(\.self)
        let pid = try Spawn.start(
            arguments, environment: environment, searchesPath: searchesPath,
            ownGroup: withChildren
        ) { actions in
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_adddup2(&actions, ends[0], STDOUT_FILENO)
            posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO)
        }
        out.writing = nil
        err.writing = nil
        do {
            let process = try FileDescriptor.process(pid)
            let deadline = Clock.monotonicMicroseconds() + timeout
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
            let end = try Self.end(pid, withChildren: withChildren, isKilled: !hasEnded)
            status = hasEnded ? end : nil
        } catch {
            _ = try? Self.end(pid, withChildren: withChildren, isKilled: true)
            throw error
        }
    }

    /// Waits for the end of a process that was started here.
    private static func end(
        _ pid: pid_t, withChildren: Bool, isKilled: Bool
    ) throws(SystemError) -> ExitStatus {
        if isKilled { kill(withChildren ? -pid : pid, SIGKILL) }
        return try ExitStatus.ofEnded(pid)
    }
}
