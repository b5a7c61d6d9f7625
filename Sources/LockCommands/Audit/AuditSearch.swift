import SystemCalls

/// Finds what there is to look through.
struct AuditSearch {
    private(set) var sources: [AuditSource] = []
    /// What could not be read, and why.
    private(set) var problems: [String] = []

    private static let largest = 4 << 20

    /// Adds a file, or all scripts, crontabs and the like below a directory.
    mutating func add(_ name: String) {
        let end = name.lastIndex { $0 != "/" } ?? name.startIndex
        let path = name.isEmpty ? name : String(name[...end])
        do {
            let status = try FileSystem.status(path)
            if status.isDirectory {
                try walk(path)
            } else if status.isRegularFile {
                try addFile(path, isNamed: true)
            } else {
                problems.append("\(path) is neither a file nor a directory")
            }
        } catch {
            problems.append(error.description)
        }
    }

    /// Adds this user's crontab and those of the system.
    mutating func addCrontabs() {
        if let text = ProgramOutput.of("crontab -l"), !text.isEmpty {
            sources.append(
                AuditSource(name: "crontab -l", kind: .crontab(ofSystem: false), text: text))
        }
        for path in ["/etc/crontab", "/etc/cron.d"] + Self.cronScripts
        where FileSystem.exists(path) {
            add(path)
        }
    }

    private static let cronScripts = ["hourly", "daily", "weekly", "monthly"]
        .map { "/etc/cron.\($0)" }

    private mutating func walk(_ directory: String) throws(SystemError) {
        for name in try FileSystem.entries(of: directory).sorted() {
            let path = directory == "/" ? "/\(name)" : "\(directory)/\(name)"
            // A link may lead in circles.
            guard let status = try? FileSystem.status(path, followingLinks: false) else { continue }
            do {
                if status.isDirectory {
                    if name != ".git" && name != "node_modules" { try walk(path) }
                } else if status.isRegularFile {
                    try addFile(path, isNamed: false)
                }
            } catch {
                problems.append(error.description)
            }
        }
    }

    private mutating func addFile(_ path: String, isNamed: Bool) throws(SystemError) {
        // Only the beginning tells what most files are.
        let beginning = try FileSystem.read(path, limit: 128)
        guard let kind = Self.kind(of: path, beginning) ?? (isNamed ? .script : nil) else { return }
        let bytes = try FileSystem.read(path, limit: Self.largest)
        guard !bytes.contains(0) else { return }
        sources.append(
            AuditSource(name: path, kind: kind, text: String(decoding: bytes, as: UTF8.self)))
    }

    /// How to read a file; nil when it is not of a kind that runs commands.
    private static func kind(of path: String, _ beginning: [UInt8]) -> AuditSource.Kind? {
        let parent = Path.parent(of: path)
        let name = Path.name(of: path)
        if Path.name(of: parent) == "cron.d" || path == "/etc/crontab" {
            return .crontab(ofSystem: true)
        }
        if name == "crontab" || Path.name(of: parent) == "crontabs" {
            return .crontab(ofSystem: false)
        }
        if cronScripts.contains(parent) { return .script }
        let suffix = name.lastIndex(of: ".").map { name[name.index(after: $0)...] }
        switch suffix {
        case "sh", "bash", "dash", "zsh", "ksh": return .script
        case "cron", "crontab": return .crontab(ofSystem: false)
        case "yml", "yaml", "service", "mk": return .lines
        default: break
        }
        if ["Makefile", "makefile", "GNUmakefile", "Jenkinsfile", "Procfile"].contains(name) {
            return .lines
        }
        let first = String(decoding: beginning.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        return first.hasPrefix("#!") && first.contains("sh") ? .script : nil
    }
}
