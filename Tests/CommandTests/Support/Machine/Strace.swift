import TestSupport

/// The tracer that makes system calls fail.
enum Strace {
    static let isPossible =
        (try? ChildProcess.run(["strace", "-qq", "-o", "/dev/null", "true"]).code) == 0
}
