import Glibc
import SystemCalls

/// Lines of crontabs that name our tools without a path that cron would find them by.
///
/// Cron starts commands with `PATH=/usr/bin:/bin` unless the table sets another, crontab(5); the
/// tools are usually in `/usr/local/bin`, and what is not found there ends with 127 in a mail that
/// nobody reads.
struct CronCheck {
    static let tools = [
        "deploy-with-lock", "check-deploy-lock", "check-deploy-queue", "deploystats",
    ]

    /// Where a tool is found; nil where it is not.
    let directory: String?
    let tables: [(path: String, text: String)]

    /// Reads the tables of the system and, as root, those of all users.
    init(directory: String?) {
        self.directory = directory
        var paths = ["/etc/crontab"]
        for place in ["/etc/cron.d", "/var/spool/cron/crontabs", "/var/spool/cron"] {
            paths += ((try? FileSystem.entries(of: place)) ?? []).sorted().map { "\(place)/\($0)" }
        }
        tables = paths.compactMap { path in
            guard (try? FileSystem.status(path))?.isRegularFile == true,
                let bytes = try? FileSystem.read(path, limit: 1 << 20)
            else { return nil }
            return (path, String(decoding: bytes, as: UTF8.self))
        }
    }

    init(directory: String?, tables: [(path: String, text: String)]) {
        self.directory = directory
        self.tables = tables
    }

    var findings: [Finding] { tables.flatMap { inspect($0.path, $0.text) } }

    private func inspect(_ path: String, _ text: String) -> [Finding] {
        var search = ["/usr/bin", "/bin"]
        var found: [Finding] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let words = line.split { " \t;|&()'\"".contains($0) }
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            if let value = Self.path(in: line) { search = value }
            // A PATH of the command's own.
            if words.contains(where: { $0.hasPrefix("PATH=") }) { continue }
            guard let tool = words.map(String.init).first(where: Self.tools.contains),
                let directory, !search.contains(directory)
            else { continue }
            found.append(
                Finding(
                    .warning, "cron",
                    "\(path), line \(index + 1): cron does not find \(tool), which is in "
                        + "\(directory): PATH is \(search.joined(separator: ":")) there",
                    remedy: "sed -i '1i PATH=\(directory):\(search.joined(separator: ":"))' "
                        + Remedy.command(path)))
        }
        return found
    }

    /// The directories of a line that sets PATH; nil for every other line.
    private static func path(in line: Substring) -> [String]? {
        let parts = line.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, parts[0].filter({ !$0.isWhitespace }) == "PATH" else { return nil }
        return parts[1].filter { !" \t\"'".contains($0) }.split(separator: ":").map(String.init)
    }
}
