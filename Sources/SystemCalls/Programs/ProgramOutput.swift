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

    /// Runs a program without a shell, with nothing to read, and collects
    /// what it prints, a MiB at most; nil when it fails.
    ///
    /// - Parameters:
    ///   - program: its absolute path.
    ///   - environment: all of its variables, as `NAME=value`.
    ///   - limit: how long it may take, in µs.
    /// - Throws: when it cannot be started; `ETIMEDOUT` when it took too long and was killed.
    package static func of(
        _ program: String, _ arguments: [String], environment: [String] = [],
        within limit: Int64
    ) throws(SystemError) -> [UInt8]? {
        let run = try CapturedRun(
            of: ([program] + arguments).map { Array($0.utf8CString.dropLast()) },
            environment: environment.map { Array($0.utf8CString.dropLast()) },
            searchesPath: false, timeout: limit, withChildren: true, limit: 1 << 20)
        guard let status = run.status else {
            throw SystemError("wait", program, code: ETIMEDOUT)
        }
        return status == .exited(0) ? run.output : nil
    }
}
