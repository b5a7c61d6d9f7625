import Glibc
import SystemCalls

/// A command line to run, byte for byte as it was given.
package struct Command: Sendable {
    /// The arguments, the program's name first, without their final zero bytes.
    package let arguments: [[CChar]]

    /// A command from text.
    package init(_ arguments: [String]) {
        self.arguments = arguments.map { Array($0.utf8CString.dropLast()) }
    }

    /// The last `count` arguments of this process: Swift's texts would replace what is not UTF-8.
    package init(lastArguments count: Int) {
        arguments = ProcessArguments.bytes.suffix(count)
    }

    /// The arguments as text.
    package var text: [String] {
        arguments.map { String(decoding: $0.map(UInt8.init(bitPattern:)), as: UTF8.self) }
    }

    /// Starts a helper: with default signal dispositions, an empty mask and the descriptors that
    /// `prepare` gives it.
    ///
    /// - Parameter ownGroup: starts it in a process group of its own, away from the terminal.
    /// - Returns: its process id.
    func spawn(
        environment: [(name: String, value: String)] = [], ownGroup: Bool = false,
        prepare: (inout posix_spawn_file_actions_t) -> Void
    ) throws(SystemError) -> pid_t {
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
        let envp = CStringArray(Self.merged(environment))
        guard let program = argv.pointers[0] else { throw SystemError("posix_spawn", code: ENOENT) }
        var pid: pid_t = 0
        let code = posix_spawnp(
            &pid, program, &actions, &attributes, argv.pointers, envp.pointers)
        withExtendedLifetime((argv, envp)) {}
        guard code == 0 else { throw SystemError("posix_spawn", text.first, code: code) }
        return pid
    }

    /// Our own environment with some variables replaced, as `NAME=value` bytes.
    static func merged(_ changes: [(name: String, value: String)]) -> [[CChar]] {
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
}

/// A null-terminated array of C strings, freed with the value.
final class CStringArray {
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
