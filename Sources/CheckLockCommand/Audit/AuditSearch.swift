import Glibc
import SystemCalls
import Wording

/// Finds what there is to look through.
struct AuditSearch {
    private(set) var sources: [AuditSource] = []
    /// What could not be read, and why.
    private(set) var problems: [String] = []
    /// What was left alone on purpose, and why.
    private(set) var notes: [String] = []
    /// How many files of directories are of no kind that runs commands.
    private(set) var others = 0

    /// Files that were read; another link to one is not read again.
    private var seen: Set<Seen> = []
    /// The directory whose content is being looked for, without links in its path.
    private var root: String?

    private struct Seen: Hashable {
        let file: FileStatus.Identity
        let kind: AuditKind
    }

    private static let largest = 4 << 20

    /// Adds a file, or all scripts, crontabs and the like below a directory.
    mutating func add(_ name: String) {
        let end = name.lastIndex { $0 != "/" } ?? name.startIndex
        let path = name.isEmpty ? name : String(name[...end])
        do {
            let status = try FileSystem.status(path)
            if status.isDirectory {
                root = FileSystem.resolved(path)
                try walk(path)
                root = nil
            } else if status.isRegularFile {
                try addFile(path, isNamed: true)
                if path.hasSuffix(".timer") { addService(ofTimer: path) }
            } else {
                problems.append("\(path) is neither a file nor a directory")
            }
        } catch {
            problems.append(error.description)
        }
    }

    /// Adds this user's crontab, those of the system and, where they may be read, of all users, and
    /// the units of this machine.
    mutating func addSystem() {
        let own = ProgramOutput.of("crontab -l") ?? ""
        if !own.isEmpty {
            sources.append(AuditSource(name: "crontab -l", kind: .userCrontab, text: own))
        }
        addUserCrontabs(but: own.isEmpty ? nil : User.name(of: User.effectiveID))
        for path in Self.system where FileSystem.exists(path) { add(path) }
    }

    private static let system =
        ["/etc/crontab", "/etc/anacrontab", "/etc/cron.d"]
        + ["hourly", "daily", "weekly", "monthly"].map { "/etc/cron.\($0)" }
        + ["/etc/systemd/system"]

    /// Debian's place and that of others.
    private static let spools = ["/var/spool/cron/crontabs", "/var/spool/cron"]

    /// - Parameter own: the user whose crontab is known already.
    private mutating func addUserCrontabs(but own: String?) {
        for spool in Self.spools where FileSystem.exists(spool) {
            do {
                for name in try FileSystem.entries(of: spool).sorted() where name != own {
                    let path = "\(spool)/\(name)"
                    guard try FileSystem.status(path, followingLinks: false).isRegularFile else {
                        continue
                    }
                    try addFile(path, isNamed: true)
                }
            } catch {
                problems.append(
                    "other users' crontabs were not read (\(error.description)); root can")
                return
            }
        }
    }

    /// A timer starts the unit it names or, without that, the service of its own name.
    private mutating func addService(ofTimer path: String) {
        let text = sources.last?.text ?? ""
        let unit = text.split(separator: "\n").last { $0.hasPrefix("Unit=") }?.dropFirst(5)
        let stem = Path.name(of: path).dropLast(".timer".count)
        let service = "\(Path.parent(of: path))/\(unit.map(String.init) ?? "\(stem).service")"
        if FileSystem.exists(service) {
            add(service)
        } else {
            notes.append("\(service), which \(Path.name(of: path)) starts, is not there")
        }
    }

    private mutating func walk(_ directory: String) throws(SystemError) {
        for name in try FileSystem.entries(of: directory).sorted() {
            let path = directory == "/" ? "/\(name)" : "\(directory)/\(name)"
            do {
                let own = try FileSystem.status(path, followingLinks: false)
                if own.isSymbolicLink {
                    try addLink(path)
                } else if own.isDirectory {
                    try enter(path, name)
                } else if own.isRegularFile {
                    try addFile(path, isNamed: false)
                }
            } catch {
                // It may go away while we look.
                if error.code != ENOENT { problems.append(error.description) }
            }
        }
    }

    /// Of a repository's own files only the hooks run anything.
    private mutating func enter(_ path: String, _ name: String) throws(SystemError) {
        if name == "node_modules" { return }
        if name != ".git" { return try walk(path) }
        let hooks = path + "/hooks"
        if FileSystem.exists(hooks) { try walk(hooks) }
    }

    /// Cron and systemd run what a link leads to; a directory is looked through once, and only
    /// below the one that was named.
    private mutating func addLink(_ path: String) throws(SystemError) {
        // One that leads nowhere runs nothing.
        guard let status = try Self.target(path) else { return }
        if status.isRegularFile { return try addFile(path, isNamed: false) }
        guard status.isDirectory, let target = FileSystem.resolved(path) else { return }
        let isInside = root.map { target == $0 || target.hasPrefix($0 == "/" ? $0 : $0 + "/") }
        if isInside != true {
            notes.append("\(path) was not followed: it is a link to the directory \(target)")
        }
    }

    private static func target(_ path: String) throws(SystemError) -> FileStatus? {
        do {
            return try FileSystem.status(path)
        } catch {
            if error.code == ENOENT || error.code == ELOOP { return nil }
            throw error
        }
    }

    private mutating func addFile(_ path: String, isNamed: Bool) throws(SystemError) {
        // Only the beginning tells what most files are.
        let beginning = try FileSystem.read(path, limit: 128)
        let kind = AuditKind(
            path: path, parent: Path.parent(of: path), name: Path.name(of: path)[...],
            beginning: beginning)
        guard let kind = kind ?? (isNamed ? .script : nil) else {
            others += 1
            return
        }
        let status = try FileSystem.status(path)
        guard seen.insert(Seen(file: status.identity, kind: kind)).inserted else { return }
        guard status.size <= Self.largest else {
            problems.append("\(path) is too large to be looked through")
            return
        }
        let bytes = try FileSystem.read(path, limit: Self.largest)
        guard !bytes.contains(0) else {
            notes.append("\(path) was not read: it is not text")
            return
        }
        sources.append(
            AuditSource(name: path, kind: kind, text: String(decoding: bytes, as: UTF8.self)))
    }

    /// What was read: `5 files (2 crontabs, 3 YAML files)`.
    var summary: String {
        let files = PluralText.text(sources.count, "file")
        var counts: [(word: String, words: String, count: Int)] = []
        for kind in AuditKind.allCases {
            let count = sources.count { $0.kind == kind }
            if let index = counts.firstIndex(where: { $0.word == kind.word }) {
                counts[index].count += count
            } else {
                counts.append((kind.word, kind.words, count))
            }
        }
        let parts = counts.filter { $0.count > 0 }.map {
            PluralText.text($0.count, $0.word, $0.words)
        }
        return parts.isEmpty ? files : "\(files) (\(parts.joined(separator: ", ")))"
    }
}
