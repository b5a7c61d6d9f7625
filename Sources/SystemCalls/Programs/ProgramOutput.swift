import Glibc

/// What other programs print.
package enum ProgramOutput {
    /// Runs a fixed command line and collects its standard output; nil when it cannot be started.
    ///
    /// The C function is `popen`.
    package static func of(_ command: StaticString) -> String? {
        guard let pipe = popen("exec \(command) 2> /dev/null", "re") else { return nil }
        defer { pclose(pipe) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16384)
        while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 {
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
