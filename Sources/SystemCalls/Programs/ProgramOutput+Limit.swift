import Glibc

extension ProgramOutput {
    /// Runs a program without a shell, with an empty environment and nothing to read, and collects
    /// what it prints, a MiB at most; nil when it fails.
    ///
    /// Safe beside a command that somebody else waits for: only this process is waited for, by its
    /// id, and it gets none of our descriptors.
    ///
    /// - Parameters:
    ///   - program: its absolute path.
    ///   - limit: how long it may take, in µs.
    /// - Throws: when it cannot be started; `ETIMEDOUT` when it took too long and was killed.
    package static func of(
        _ program: String, _ arguments: [String], within limit: Int64
    ) throws(SystemError) -> [UInt8]? {
        let deadline = Clock.monotonicMicroseconds() + limit
        var pipe = try Pipe()
        let pid = try start(program, arguments, output: pipe.writing?.rawValue ?? -1)
        pipe.writing = nil
        defer {
            // Its group, which is its own; nothing is left of it when it has ended.
            kill(-pid, SIGKILL)
            while waitpid(pid, nil, 0) == -1, errno == EINTR {}
        }
        let process = try FileDescriptor.process(pid)
        var output: [UInt8] = []
        var hasEnded = false
        while !hasEnded {
            let streams = [pipe.reading?.rawValue].compactMap(\.self)
            let ready = try Poll.readable(streams + [process.rawValue], until: deadline)
            if ready.isEmpty || Clock.monotonicMicroseconds() >= deadline {
                throw SystemError("wait", program, code: ETIMEDOUT)
            }
            hasEnded = ready.contains(streams.count)
            output += pipe.readAvailable().prefix((1 << 20) - output.count)
        }
        var end = siginfo_t()
        // Without reaping, so that its id is still its own when its group is killed.
        let isKnown = waitid(P_PID, id_t(pid), &end, WEXITED | WNOWAIT) == 0
        return isKnown && end.si_code == CLD_EXITED && end._sifields._sigchld.si_status == 0
            ? output : nil
    }

    private static func start(
        _ program: String, _ arguments: [String], output: CInt
    ) throws(SystemError) -> pid_t {
        let words = ([program] + arguments).map { Array($0.utf8CString.dropLast()) }
        return try Spawn.start(words, environment: [], searchesPath: false, ownGroup: true) {
            posix_spawn_file_actions_addopen(&$0, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_adddup2(&$0, output, STDOUT_FILENO)
            posix_spawn_file_actions_addopen(&$0, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        }
    }
}
