internal import CLinux
package import Glibc

/// Starting a program, posix_spawn(3).
package enum Spawn {
    /// Starts a program with default signal dispositions, an empty mask and the descriptors that
    /// `prepare` gives it.
    ///
    /// - Parameters:
    ///   - arguments: the program's name first.
    ///   - program: the file that is executed; nil for the one that the first argument names.
    ///   - searchesPath: looks for the program in `PATH`.
    ///   - ownGroup: starts it in a process group of its own, away from the terminal.
    /// - Returns: its process id.
    package static func start(
        _ arguments: [[CChar]], program: String? = nil, environment: [[CChar]],
        searchesPath: Bool, ownGroup: Bool,
        prepare: (inout posix_spawn_file_actions_t) -> Void
    ) throws(SystemError) -> pid_t {
        // Where whoever started us ignores it, nobody could wait for a child.
        signal(SIGCHLD, SIG_DFL)
        var flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        if ownGroup { flags |= POSIX_SPAWN_SETPGROUP }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // All bits: sigfillset(3) leaves out the two signals glibc keeps for itself, and
        // posix_spawn would have the command ignore those.
        var defaults = sigset_t()
        memset(&defaults, 0xff, MemoryLayout<sigset_t>.size)
        var empty = sigset_t()
        sigemptyset(&empty)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setsigmask(&attributes, &empty)
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        prepare(&actions)

        let argv = CStringArray(arguments)
        let envp = CStringArray(environment)
        guard let first = argv.pointers[0] else { throw SystemError("posix_spawn", code: ENOENT) }
        let program = program ?? String(cString: first)
        var pid: pid_t = 0
        let spawn = searchesPath ? posix_spawnp : posix_spawn
        let code = spawn(&pid, program, &actions, &attributes, argv.pointers, envp.pointers)
        defer { withExtendedLifetime((argv, envp)) {} }
        guard code == 0 else {
            throw SystemError("posix_spawn", program, code: code)
        }
        return pid
    }

    /// Has all descriptors closed in the program but the three standard streams, those that we were
    /// given ourselves included.
    ///
    /// The C function is `posix_spawn_file_actions_addclosefrom_np`.
    package static func closeOthers(_ actions: inout posix_spawn_file_actions_t) {
        deploy_ledger_addclosefrom(&actions, STDERR_FILENO + 1)
    }
}
