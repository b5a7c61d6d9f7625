import Glibc
import TestSupport

/// Whether a process can be started in a pid namespace of its own.
enum PidNamespace {
    static let arePossible =
        geteuid() == 0
        && (try? ChildProcess.run(["unshare", "-p", "-f", "--mount-proc", "true"]).code) == 0
}
