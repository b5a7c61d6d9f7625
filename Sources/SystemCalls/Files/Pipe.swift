import CLinux
import Glibc

/// Both ends of a pipe.
package struct Pipe: ~Copyable {
    /// Where bytes come out; reading never waits.
    package var reading: FileDescriptor?
    /// Where bytes go in.
    package var writing: FileDescriptor?

    /// Makes a pipe whose ends do not cross `exec`.
    ///
    /// The C function is `pipe2`.
    package init() throws(SystemError) {
        var ends: [CInt] = [-1, -1]
        try checked("pipe2") { pipe2(&ends, O_CLOEXEC) }
        reading = FileDescriptor(owning: ends[0])
        writing = FileDescriptor(owning: ends[1])
        try checked("fcntl") { fcntl(ends[0], F_SETFL, O_NONBLOCK) }
    }

    /// Takes out what is there, a MiB at most; at the end of all the reading end is closed.
    package mutating func readAvailable() -> [UInt8] {
        guard let raw = reading?.rawValue else { return [] }
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while result.count < 1 << 20 {
            let count = read(raw, &chunk, chunk.count)
            if count > 0 {
                result += chunk[..<count]
            } else if count == 0 {
                reading = nil
                return result
            } else if errno != EINTR {
                break
            }
        }
        return result
    }
}
