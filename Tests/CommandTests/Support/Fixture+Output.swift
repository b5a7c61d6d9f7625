import Glibc
import SystemCalls
import TestSupport
import Testing

extension Fixture {
    /// Where output is kept.
    var logs: String { directory.file("logs") }

    /// Starts a deployment of a shell script whose output is kept.
    func startKeeping(
        _ script: String, options: [String] = [], environment: [String: String?] = [:],
        output: CInt? = nil
    ) throws -> ChildProcess {
        try start(
            ["--log-dir", logs] + options + ["sh", "-c", script], environment: environment,
            output: output)
    }

    /// Runs it to its end.
    func keep(
        _ script: String, options: [String] = [], environment: [String: String?] = [:]
    ) throws -> ChildProcess.Result {
        try startKeeping(script, options: options, environment: environment).finish()
    }

    /// The names of kept output.
    var logNames: [String] {
        ((try? FileSystem.entries(of: logs)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }

    /// The kept output of a deployment, compressed or not; nil when there is none.
    func log(_ number: Int) throws -> String? {
        let found = logNames.first { $0.hasPrefix("\(number)-") }
        guard let found else { return nil }
        // It may be compressed in this moment.
        let whole = "\(logs)/\(found.hasSuffix(".gz") ? String(found.dropLast(3)) : found)"
        return try ChildProcess.run(["sh", "-c", "cat '\(whole)' || zcat '\(whole).gz'"]).output
    }

    /// Waits until no process compresses any more; it begins before the wrapper ends.
    func awaitUpkeep() -> Bool {
        let words = Array("deploy-logs\0\(logs)\0".utf8)
        return eventually {
            let processes = (try? FileSystem.entries(of: "/proc")) ?? []
            return !processes.contains { process in
                guard pid_t(process) != nil else { return false }
                return (try? FileSystem.read("/proc/\(process)/cmdline"))?.starts(with: words)
                    ?? false
            }
        }
    }

    /// Whether all kept output gets compressed.
    var isCompressed: Bool { eventually { logNames.allSatisfy { $0.hasSuffix(".gz") } } }

    /// A member of the record of a deployment's release.
    func released(_ number: Int, _ member: String) throws -> String? {
        try settle()
        return try query(
            """
            SELECT json_extract(record, '$.\(member)') FROM event
            WHERE kind = 'released' AND number = \(number)
            """
        ).first
    }

    /// SHA-256 of a text, by another program.
    func sha256(_ text: String) throws -> String {
        write("to-hash", text)
        let output = try ChildProcess.run(["sha256sum", directory.file("to-hash")]).output
        return String(output.prefix(64))
    }
}
