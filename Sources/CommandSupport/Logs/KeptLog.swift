import Glibc
import Processes
package import SystemCalls

/// Kept output that is read: the file as it was written, or what gzip(1) made of it.
package struct KeptLog: Sendable {
    /// Where it is.
    package let path: String
    /// Whether it was compressed.
    package var isCompressed: Bool { path.hasSuffix(Self.compressed) }

    private static let compressed = ".gz"

    /// The file that a deployment's record names, under the name it has now; nil when there is none
    /// any more.
    ///
    /// Anybody who deploys may write a record: no other file is read than one with the name of a log.
    package init?(recorded path: String) {
        guard LogName(Path.name(of: path)) != nil else { return nil }
        guard let found = [path, path + Self.compressed].first(where: FileSystem.exists) else {
            return nil
        }
        self.init(path: found)
    }

    /// The file of this name.
    package init(path: String) {
        self.path = path
    }

    /// The same under the name that it has now: it may have been compressed since it was found.
    package var current: KeptLog { KeptLog(recorded: path) ?? self }

    /// Opens it as it is.
    package func open() throws(SystemError) -> FileDescriptor {
        for _ in 1...Self.attempts {
            do {
                return try FileDescriptor.openUntrusted(path)
            } catch {
                // Somebody asks in this moment whether anybody has it open.
                if error.code != EWOULDBLOCK { throw error }
                usleep(1000)
            }
        }
        return try FileDescriptor.openUntrusted(path)
    }

    private static let attempts = 100

    /// Reads all of it, a piece at a time, until `take` has had enough and says false.
    ///
    /// - Throws: `SystemError`; `EINVAL` of `gzip` when what was compressed is damaged.
    package func read(_ take: ([UInt8]) throws -> Bool) throws {
        let file = try open()
        if isCompressed { return try Self.decompress(file, path, take) }
        while true {
            let piece = try file.read(count: Self.piece)
            if piece.isEmpty { return }
            if try !take(piece) { return }
        }
    }

    private static let piece = 64 << 10

    private static func decompress(
        _ file: borrowing FileDescriptor, _ path: String, _ take: ([UInt8]) throws -> Bool
    ) throws {
        var output = try Pipe()
        guard let writing = output.writing?.rawValue else { return }
        let input = file.rawValue
        let pid = try Spawn.start(
            ["gzip", "-dc"].map { Array($0.utf8CString.dropLast()) },
            environment: Self.environment, searchesPath: true, ownGroup: false
        ) { actions in
            posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
            posix_spawn_file_actions_adddup2(&actions, writing, STDOUT_FILENO)
            posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        }
        output.writing = nil
        do {
            while let reading = output.reading?.rawValue {
                _ = try Poll.readable([reading], until: nil)
                let piece = output.readAvailable()
                if !piece.isEmpty, try !take(piece) {
                    kill(pid, SIGKILL)
                    _ = try? ExitStatus.ofEnded(pid)
                    return
                }
            }
        } catch {
            kill(pid, SIGKILL)
            _ = try? ExitStatus.ofEnded(pid)
            throw error
        }
        guard try ExitStatus.ofEnded(pid) == .exited(0) else {
            throw SystemError("gzip", path, code: EINVAL)
        }
    }

    /// What gzip(1) needs to be found; it also reads options from a variable.
    package static var environment: [[CChar]] {
        ["PATH=\(Environment.value("PATH") ?? "/usr/bin:/bin")"].map {
            Array($0.utf8CString.dropLast())
        }
    }
}

extension KeptLog {
    /// The last lines of it, harmless for a terminal and none of them endless; nil when it cannot
    /// be read.
    ///
    /// - Parameter longest: how long it may take, in µs: what was compressed is read from its beginning.
    package func tail(lines: Int = 20, within longest: Int64) -> [String]? {
        let end = Clock.monotonicMicroseconds() + longest
        var tail = LogTail(lines: lines)
        var isWhole = true
        do {
            if !isCompressed {
                let file = try open()
                return tail.lines(of: file, upTo: try file.status().size)
            }
            try read { piece in
                tail.add(piece)
                isWhole = Clock.monotonicMicroseconds() < end
                return isWhole
            }
        } catch {
            return nil
        }
        return isWhole ? tail.lines : nil
    }
}
