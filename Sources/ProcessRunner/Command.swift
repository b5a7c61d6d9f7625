import Glibc
public import SystemCalls

/// A command line to run, byte for byte as it was given.
public struct Command: Sendable {
    /// The arguments, the program's name first, without their final zero bytes.
    public let arguments: [[CChar]]

    /// A command from text.
    public init(_ arguments: [String]) {
        self.arguments = arguments.map { Array($0.utf8CString.dropLast()) }
    }

    /// The last `count` arguments of this process: Swift's texts would replace what is not UTF-8.
    public init(lastArguments count: Int) {
        let total = Int(CommandLine.argc)
        arguments = (max(0, total - count)..<total).map { position in
            guard let argument = CommandLine.unsafeArgv[position] else { return [] }
            return Array(UnsafeBufferPointer(start: argument, count: strlen(argument)))
        }
    }

    /// The arguments as text.
    public var text: [String] {
        arguments.map { String(decoding: $0.map(UInt8.init(bitPattern:)), as: UTF8.self) }
    }

    /// Starts the command.
    ///
    /// It gets default signal dispositions and an empty mask, stays in our process group so that it
    /// may read the terminal, and inherits the given descriptor under the same number.
    ///
    /// - Parameters:
    ///   - environment: variables to set beside our own.
    ///   - inherited: a descriptor that crosses `exec`, if any.
    ///   - ignoresHangUp: leaves SIGHUP ignored, see `SignalInbox`.
    public func start(
        environment: [(name: String, value: String)], inheriting inherited: CInt?,
        ignoresHangUp: Bool
    ) throws(SystemError) -> RunningCommand {
        try start(environment: environment, ignoresHangUp: ignoresHangUp) { actions in
            // Onto itself: clears close-on-exec in the child alone,
            // posix_spawn_file_actions_adddup2(3).
            if let inherited {
                posix_spawn_file_actions_adddup2(&actions, inherited, inherited)
            }
        }
    }

    /// The same with what `prepare` does to the command's descriptors.
    ///
    /// - Parameter ownGroup: starts it in a process group of its own, away from the terminal.
    func start(
        environment: [(name: String, value: String)], ignoresHangUp: Bool = false,
        ownGroup: Bool = false,
        prepare: (inout posix_spawn_file_actions_t) -> Void
    ) throws(SystemError) -> RunningCommand {
        var flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        if ownGroup { flags |= POSIX_SPAWN_SETPGROUP }
        do {
            return try spawn(
                arguments, search: true, environment, Int16(flags), ignoresHangUp, prepare)
        } catch {
            // A script without an interpreter line: execvp(3) has the shell read it, and so do we.
            guard error.code == ENOEXEC, let program = arguments.first,
                let path = Self.find(program)
            else { throw error }
            let shell = ["/bin/sh"].map { Array($0.utf8CString.dropLast()) }
            return try spawn(
                shell + [path] + arguments.dropFirst(), search: false, environment, Int16(flags),
                ignoresHangUp, prepare)
        }
    }

    private func spawn(
        _ arguments: [[CChar]], search: Bool, _ environment: [(name: String, value: String)],
        _ flags: Int16, _ ignoresHangUp: Bool,
        _ prepare: (inout posix_spawn_file_actions_t) -> Void
    ) throws(SystemError) -> RunningCommand {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // All bits: sigfillset(3) leaves out the two signals glibc keeps for itself, and
        // posix_spawn would have the command ignore those.
        var defaults = sigset_t()
        memset(&defaults, 0xff, MemoryLayout<sigset_t>.size)
        if ignoresHangUp { sigdelset(&defaults, SIGHUP) }
        var empty = sigset_t()
        sigemptyset(&empty)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setsigmask(&attributes, &empty)
        posix_spawnattr_setflags(&attributes, flags)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        prepare(&actions)

        let argv = CStringArray(arguments)
        let envp = CStringArray(Self.merged(environment))
        var pid: pid_t = 0
        let program = argv.pointers[0]
        guard let program else { throw SystemError("posix_spawn", code: ENOENT) }
        let code =
            search
            ? posix_spawnp(&pid, program, &actions, &attributes, argv.pointers, envp.pointers)
            : posix_spawn(&pid, program, &actions, &attributes, argv.pointers, envp.pointers)
        withExtendedLifetime((argv, envp)) {}
        guard code == 0 else { throw SystemError("posix_spawn", text.first, code: code) }
        return RunningCommand(pid: pid)
    }

    /// Our own environment with some variables replaced, as `NAME=value` bytes.
    private static func merged(_ changes: [(name: String, value: String)]) -> [[CChar]] {
        let replaced = changes.map { Array("\($0.name)=".utf8CString.dropLast()) }
        var result: [[CChar]] = []
        var position = 0
        while let entry = environ[position] {
            let bytes = Array(UnsafeBufferPointer(start: entry, count: strlen(entry)))
            if !replaced.contains(where: bytes.starts) { result.append(bytes) }
            position += 1
        }
        for (name, value) in changes {
            result.append(Array("\(name)=\(value)".utf8CString.dropLast()))
        }
        return result
    }

    /// Where `PATH` leads for a program's name.
    private static func find(_ program: [CChar]) -> [CChar]? {
        if program.contains(CChar(UInt8(ascii: "/"))) { return program }
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/bin:/usr/bin"
        return path.split(separator: ":").lazy
            .map { Array("\($0)/".utf8CString.dropLast()) + program }
            .first { access($0 + [0], X_OK) == 0 }
    }
}

/// A null-terminated array of C strings, freed with the value.
private final class CStringArray {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ strings: [[CChar]]) {
        count = strings.count
        pointers = .allocate(capacity: count + 1)
        for (position, string) in strings.enumerated() {
            pointers[position] = strdup(string + [0])
        }
        pointers[count] = nil
    }

    deinit {
        for position in 0..<count { free(pointers[position]) }
        pointers.deallocate()
    }
}
