import CommandSupport
import Glibc
import Ledger
import SystemCalls
import Wording

/// The machine: versions of the tools, how users are found, the clock.
struct MachineCheck {
    let settings: LedgerSettings

    var findings: [Finding] { versions + users + clock }

    /// Where a program of ours is on PATH.
    static func directory(of tool: String) -> String? {
        (Environment.value("PATH") ?? "").split(separator: ":").map(String.init)
            .first { FileSystem.isExecutable("\($0)/\(tool)") }
    }

    private var versions: [Finding] {
        CronCheck.tools.compactMap { tool in
            guard let directory = Self.directory(of: tool) else {
                return Finding(.note, "versions", "\(tool) is not on PATH")
            }
            let path = "\(directory)/\(tool)"
            guard let said = ToolVersion.of(path), said != Tool.version else { return nil }
            return Finding(
                .warning, "versions",
                "\(path) is version \(said), this is \(Tool.version): install all tools from one "
                    + "release, because an older one may not write a newer ledger")
        }
    }

    /// The tools read the two files and ask getent(1) about everybody else.
    private var users: [Finding] {
        guard let bytes = try? FileSystem.read("/etc/nsswitch.conf") else { return [] }
        let services = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            .filter { $0.hasPrefix("passwd:") || $0.hasPrefix("group:") }
            .flatMap { $0.split(whereSeparator: \.isWhitespace).dropFirst() }
            .filter { !["files", "systemd", "compat"].contains($0) && !$0.hasPrefix("[") }
        let hasGetent = ["/usr/bin/getent", "/bin/getent"].contains(where: FileSystem.exists)
        guard let first = services.first, !hasGetent else { return [] }
        return [
            Finding(
                .warning, "users",
                "users come from \(first) (/etc/nsswitch.conf), and getent(1) is not installed: "
                    + "they appear as numbers, and their events are not trusted",
                remedy: "apt-get install libc-bin")
        ]
    }

    private var clock: [Finding] {
        guard let reader = try? LedgerReader(path: settings.path, busyTimeoutMilliseconds: 500),
            let newest = try? reader.newestEventAt()
        else { return [] }
        let ahead = newest - Clock.wallMicroseconds()
        guard ahead > 60_000_000 else { return [] }
        return [
            Finding(
                .warning, "clock",
                "the newest event of the ledger is \(DurationText.text(microseconds: ahead)) in "
                    + "the future: the clock was set back, and times of reports are wrong around "
                    + "that moment",
                remedy: "timedatectl status")
        ]
    }
}
