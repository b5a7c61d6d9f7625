package import Glibc
import SystemCalls

/// A real process started by a test, in a process group of its own, with its output in files.
package final class ChildProcess: @unchecked Sendable {
    // Guard for `@unchecked`: a test uses one child from one task at a time.

    /// What a finished process left.
    package struct Result: Sendable {
        /// Its exit code; 128 + n when signal n ended it.
        package let code: CInt
        /// What it wrote to standard output.
        package let output: String
        /// What it wrote to standard error.
        package let errors: String
    }

    /// How long anything may take before a test is considered hung.
    package static let patience: Int64 = 120_000_000

    /// Its process id.
    package let pid: pid_t
    private let directory: TemporaryDirectory
    private var status: CInt?

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - arguments: the program, found through `PATH`, and its arguments.
    ///   - environment: variables to set; nil removes one.
    ///   - input: a file to read standard input from.
    ///   - output: an open descriptor for standard output instead of a file.
    package init(
        _ arguments: [String], environment: [String: String?] = [:], input: String = "/dev/null",
        output: CInt? = nil
    ) throws {
        directory = try TemporaryDirectory()
        let (out, err) = (directory.file("out"), directory.file("err"))
        let create = O_WRONLY | O_CREAT | O_APPEND
        pid = try Spawning.start(
            arguments, environment: environment, flags: CInt(POSIX_SPAWN_SETPGROUP)
        ) { actions in
            posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
            if let output {
                posix_spawn_file_actions_adddup2(&actions, output, 1)
            } else {
                posix_spawn_file_actions_addopen(&actions, 1, out, create, 0o600)
            }
            posix_spawn_file_actions_addopen(&actions, 2, err, create, 0o600)
        }
    }

    deinit {
        // Whatever the test left running, it was started here.
        if status == nil {
            Glibc.kill(-pid, SIGKILL)
            var ignored: CInt = 0
            waitpid(pid, &ignored, 0)
        }
    }

    /// Runs a program to its end.
    package static func run(
        _ arguments: [String], environment: [String: String?] = [:], input: String = "/dev/null"
    ) throws -> Result {
        try ChildProcess(arguments, environment: environment, input: input).finish()
    }

    /// Sends a signal to the process alone.
    package func kill(_ signal: CInt) { Glibc.kill(pid, signal) }

    /// What it wrote to standard output so far.
    package var output: String { text("out") }

    /// What it wrote to standard error so far.
    package var errors: String { text("err") }

    /// Waits for the end; a process that takes too long is killed and the test fails.
    package func finish() throws -> Result {
        let deadline = Clock.monotonicMicroseconds() + Self.patience
        while status == nil {
            var word: CInt = 0
            if waitpid(pid, &word, WNOHANG) == pid {
                status = word
            } else if Clock.monotonicMicroseconds() > deadline {
                Glibc.kill(-pid, SIGKILL)
                throw Hung(pid: pid, errors: errors)
            } else {
                usleep(2000)
            }
        }
        return Result(
            code: Spawning.exitCode(status ?? 0), output: output, errors: errors)
    }

    /// Whether it has not ended yet.
    package var isRunning: Bool {
        guard status == nil else { return false }
        var word: CInt = 0
        if waitpid(pid, &word, WNOHANG) == pid { status = word }
        return status == nil
    }

    private func text(_ name: String) -> String {
        String(decoding: (try? FileSystem.read(directory.file(name))) ?? [], as: UTF8.self)
    }

    struct Hung: Error, CustomStringConvertible {
        let pid: pid_t
        let errors: String
        var description: String { "process \(pid) did not end; it wrote: \(errors)" }
    }
}

/// Waits until a condition holds; false when it never did.
package func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
    let deadline = Clock.monotonicMicroseconds() + ChildProcess.patience
    while try !condition() {
        if Clock.monotonicMicroseconds() > deadline { return false }
        usleep(2000)
    }
    return true
}
