import Glibc
import SystemCalls
import TestSupport

/// A process on a terminal of its own, so that a test can type and read what a person would see.
final class PseudoTerminal {
    let pid: pid_t
    private let master: CInt
    private var seen: [UInt8] = []
    private var status: CInt?

    init(_ arguments: [String], environment: [String: String?]) throws {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        // TIOCSPTLCK and TIOCGPTN of ioctl_tty(2): what unlockpt(3) and ptsname(3) do.
        var (locked, number): (CInt, CInt) = (0, 0)
        guard master >= 0, ioctl(master, 0x4004_5431, &locked) == 0,
            ioctl(master, 0x8004_5430, &number) == 0
        else { throw SystemError("open", "/dev/ptmx") }
        let name = "/dev/pts/\(number)"
        let flags = fcntl(master, F_GETFL)
        _ = fcntl(master, F_SETFL, flags | O_NONBLOCK)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // The first terminal that the leader of a new session opens becomes its own, tty_ioctl(4).
        posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var all = sigset_t()
        sigfillset(&all)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        // POSIX_SPAWN_SETSID is 0x80 in <spawn.h> and not imported.
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK) | 0x80)
        var argv = arguments.map { strdup($0) } + [nil]
        var envp = ChildProcess.environment(changed: environment).map { strdup($0) } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, arguments[0], &actions, &attributes, &argv, &envp)
        guard code == 0 else { throw SystemError("posix_spawn", arguments[0], code: code) }
        self.pid = pid
    }

    deinit {
        if status == nil {
            kill(-pid, SIGKILL)
            var ignored: CInt = 0
            waitpid(pid, &ignored, 0)
        }
        close(master)
    }

    /// Types.
    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(master, bytes, bytes.count)
    }

    /// Pulls the plug: the terminal is gone.
    func hangUp() { close(master) }

    /// All that has been written to the terminal so far.
    var screen: String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = read(master, &buffer, buffer.count), count > 0 {
            seen += buffer[..<count]
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
        let word = status ?? 0
        return word & 0x7f == 0 ? word >> 8 & 0xff : 128 + word & 0x7f
    }
}
