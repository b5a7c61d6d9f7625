import Glibc
import SystemCalls
import TestSupport

/// A process on a terminal of its own, so that a test can type and read what a person would see.
final class PseudoTerminal {
    let pid: pid_t
    /// The other end; nil once the plug is pulled, for its number may be another test's by then.
    private var master: FileDescriptor?
    private var seen: [UInt8] = []
    private var status: CInt?

    init(_ arguments: [String], environment: [String: String?]) throws {
        let master = try FileDescriptor.open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK)
        // TIOCSPTLCK and TIOCGPTN of ioctl_tty(2): what unlockpt(3) and ptsname(3) do.
        var (locked, number): (CInt, CInt) = (0, 0)
        guard ioctl(master.rawValue, 0x4004_5431, &locked) == 0,
            ioctl(master.rawValue, 0x8004_5430, &number) == 0
        else { throw SystemError("ioctl", "/dev/ptmx") }
        let name = "/dev/pts/\(number)"
        // POSIX_SPAWN_SETSID is 0x80 in <spawn.h> and not imported.
        pid = try Spawning.start(arguments, environment: environment, flags: 0x80) { actions in
            // The first terminal that the leader of a new session opens becomes its own,
            // tty_ioctl(4).
            posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
            posix_spawn_file_actions_adddup2(&actions, 0, 1)
            posix_spawn_file_actions_adddup2(&actions, 0, 2)
        }
        self.master = consume master
    }

    deinit {
        if status == nil {
            kill(-pid, SIGKILL)
            var ignored: CInt = 0
            waitpid(pid, &ignored, 0)
        }
    }

    /// Types.
    func type(_ text: String) {
        let bytes = Array(text.utf8)
        if let number = master?.rawValue { _ = write(number, bytes, bytes.count) }
    }

    /// Pulls the plug: the terminal is gone.
    func hangUp() { master = nil }

    /// All that has been written to the terminal so far.
    var screen: String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        if let number = master?.rawValue {
            while case let count = read(number, &buffer, buffer.count), count > 0 {
                seen += buffer[..<count]
            }
        }
        return String(decoding: seen, as: UTF8.self)
    }

    /// Waits for the end; the exit code, 128 + n after a signal.
    func finish() -> CInt {
        _ = eventually {
            // A full terminal would keep the process from ending.
            _ = screen
            var word: CInt = 0
            if waitpid(pid, &word, WNOHANG) == pid { status = word }
            return status != nil
        }
        return Spawning.exitCode(status ?? 0)
    }
}
