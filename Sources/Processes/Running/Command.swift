import Glibc
package import SystemCalls

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
    package var words: [String] {
        arguments.map { String(decoding: $0.map(UInt8.init(bitPattern:)), as: UTF8.self) }
    }

    /// Runs the command with nothing to read and collects what it writes, see `CapturedRun`.
    ///
    /// - Parameter environment: variables to set beside our own.
    package func capture(
        environment: [(name: String, value: String)] = [], timeout: Int64,
        withChildren: Bool = false, limit: Int = 64 << 20
    ) throws(SystemError) -> CapturedRun {
        try CapturedRun(
            of: arguments, environment: Self.merged(environment), searchesPath: true,
            timeout: timeout, withChildren: withChildren, limit: limit)
    }

    /// Starts a helper: with default signal dispositions, an empty mask and the descriptors that
    /// `prepare` gives it.
    ///
    /// - Parameters:
    ///   - environment: its variables, as `NAME=value`; nil for our own.
    ///   - ownGroup: starts it in a process group of its own, away from the terminal.
    /// - Returns: its process id.
    func spawn(
        _ environment: [[CChar]]?, ownGroup: Bool = false,
        prepare: (inout posix_spawn_file_actions_t) -> Void
    ) throws(SystemError) -> pid_t {
        try Spawn.start(
            arguments, environment: environment ?? Self.merged([]), searchesPath: true,
            ownGroup: ownGroup, prepare: prepare)
    }

    /// Our own environment with some variables replaced and others left out, as `NAME=value` bytes.
    static func merged(
        _ changes: [(name: String, value: String)], without names: [String] = []
    ) -> [[CChar]] {
        let replaced = (changes.map(\.name) + names).map {
            Array("\($0)=".utf8CString.dropLast())
        }
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
