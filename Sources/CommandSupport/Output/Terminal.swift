import Glibc
import Synchronization
import SystemCalls
import Wording

/// Standard error, where people read.
package enum Terminal {
    /// Writes one line to standard error, harmless whatever text from outside is in it; that it may
    /// be closed is no reason to stop.
    ///
    /// A line of progress makes place for it.
    package static func complain(_ line: String) {
        clearProgress()
        write(line.escapedForTerminal + "\n")
    }

    private static let hasProgress = Mutex(false)

    /// Shows how far something has come, in a line that the next one replaces.
    package static func showProgress(_ text: String) {
        hasProgress.withLock { $0 = true }
        write("\r\(text)\u{1b}[K")
    }

    /// Takes the line of progress away, so that what follows begins on a line of its own.
    package static func clearProgress() {
        let wasThere = hasProgress.withLock { shown in
            defer { shown = false }
            return shown
        }
        if wasThere { write("\r\u{1b}[K") }
    }

    /// Writes text to standard error as it is.
    ///
    /// Words are dropped when nobody takes them for a while (a terminal stopped with Ctrl-S, a full
    /// pipe): who waits for a reader may hold up everybody behind the lock.
    package static func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            var entry = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
            guard poll(&entry, 1, patienceMilliseconds) > 0 else { return }
            let count = rest.withUnsafeBytes {
                Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count)
            }
            if count < 0 {
                if errno == EINTR { continue }
                return
            }
            rest = rest.dropFirst(count)
        }
    }

    private static let patienceMilliseconds: CInt = 200

    /// How many columns the terminal behind a descriptor has, or `COLUMNS` says; 80 when nobody
    /// knows.
    package static func columns(of descriptor: CInt = 2) -> Int {
        var size = winsize()
        if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
            return max(20, Int(size.ws_col))
        }
        return Environment.value("COLUMNS").flatMap { Int($0) }.map { max(20, $0) } ?? 80
    }

    /// Whether standard error is a terminal.
    package static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Whether standard error is a terminal that can redraw a line.
    package static var canRedraw: Bool {
        isatty(STDERR_FILENO) == 1 && Environment.value("TERM").map { $0 != "dumb" } ?? false
    }
}
