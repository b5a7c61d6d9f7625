import Glibc
import SystemCalls
import TestSupport

/// A place where only the programs of one test see what is mounted.
///
/// Mounts are made in a mount namespace of their own, mount_namespaces(7): they end with the value
/// or, at the latest, with the test, and the machine's own file systems are never written to.
/// `/var/tmp` is an empty one in memory, so that a spool there leaves nothing behind.
final class PrivateMounts {
    /// Whether this machine lets us mount; root in a container often may not.
    static let arePossible: Bool = {
        guard geteuid() == 0, let directory = try? TemporaryDirectory() else { return false }
        return (try? PrivateMounts("mount -t tmpfs none \(directory.path)")) != nil
    }()

    private let keeper: ChildProcess

    /// Mounts with a shell script, in which an error ends everything.
    init(_ script: String) throws {
        keeper = try ChildProcess([
            "unshare", "--mount", "--propagation", "private", "sh", "-ec",
            "mount -t tmpfs none /var/tmp; \(script); echo mounted; exec sleep 600",
        ])
        let isDone = eventually { keeper.output == "mounted\n" || !keeper.isRunning }
        guard isDone, keeper.isRunning else { throw Failed(errors: keeper.errors) }
    }

    deinit {
        keeper.kill(SIGKILL)
        _ = try? keeper.finish()
    }

    /// Runs a program to its end where the mounts are.
    func run(
        _ arguments: [String], environment: [String: String?] = [:]
    ) throws -> ChildProcess.Result {
        try start(arguments, environment: environment).finish()
    }

    /// Starts a program where the mounts are.
    func start(
        _ arguments: [String], environment: [String: String?] = [:]
    ) throws -> ChildProcess {
        try ChildProcess(prefix + arguments, environment: environment)
    }

    /// What stands before a command to have it run there.
    var prefix: [String] { ["nsenter", "--target", String(keeper.pid), "--mount", "--wd=."] }

    struct Failed: Error, CustomStringConvertible {
        let errors: String
        var description: String { "nothing could be mounted: \(errors)" }
    }
}
