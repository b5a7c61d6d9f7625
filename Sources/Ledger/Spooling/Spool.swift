internal import Glibc
internal import SystemCalls

/// Directories of events that could not reach the ledger yet, one file an event.
struct Spool: Sendable {
    /// One event that waits.
    struct File: Hashable, Sendable {
        let directory: String
        /// `<event id>.<deployment id>.<kind>.event`: sorts in the order of spooling.
        let name: String
        var path: String { directory + "/" + name }
        /// Whether it ties a new ledger to the one before.
        var isLink: Bool { name.hasSuffix(".\(EventKind.continued.rawValue)\(Spool.suffix)") }
    }

    static let suffix = ".event"
    static let rejected = ".rejected"

    /// The directories in the order they are tried; the first one lies beside the ledger.
    let roots: [String]
    let files: LedgerFiles

    // MARK: - Writing

    /// Stores lines, on the disk when it returns.
    ///
    /// - Returns: the directory that took the last one.
    func store(_ lines: [EventEnvelope]) throws(SystemError) -> String {
        var rest = lines[...]
        var failure: SystemError?
        for root in roots where !isOfDevice(root) {
            do throws(SystemError) {
                let directory = try make(root)
                let before = rest.count
                do throws(SystemError) {
                    while let line = rest.first {
                        try write(line, in: directory, root)
                        rest = rest.dropFirst()
                    }
                } catch {
                    failure = failure ?? error
                }
                // Once for all of them.
                if rest.count < before { try? directory.synchronize() }
            } catch {
                // The reason that matters is the one of the place beside the ledger.
                failure = failure ?? error
            }
            if rest.isEmpty { return root }
        }
        throw failure ?? SystemError("open", roots.first, code: ENOENT)
    }

    /// Stores lines of others beside the ledger, each once, as long as it is allowed to: they are
    /// safe elsewhere, until somebody restarts the machine.
    func keep(_ lines: [EventEnvelope], atMost count: Int, while isInTime: () -> Bool) {
        guard let root = roots.first, isBesideLedger(root), let directory = try? make(root) else {
            return
        }
        var written = 0
        for line in lines where written < count && isInTime() {
            if (try? directory.status(of: Self.name(of: line))) != nil { continue }
            guard (try? write(line, in: directory, root)) != nil else { break }
            written += 1
        }
        if written > 0 { try? directory.synchronize() }
    }

    private func write(
        _ line: EventEnvelope, in directory: borrowing Directory, _ root: String
    ) throws(SystemError) {
        let access = isBesideLedger(root) ? files.access : FileAccess(mode: 0o600)
        try directory.replace(Self.name(of: line), with: line.text.utf8, access) {
            file throws(SystemError) in try file.synchronizeData()
        }
    }

    static func name(of line: EventEnvelope) -> String {
        let deployment = line.deployment.map { ".\($0)" } ?? ""
        return "\(line.id)\(deployment).\(line.kind.rawValue)\(suffix)"
    }

    /// Opens a directory of the spool, making it where it is missing.
    private func make(_ root: String) throws(SystemError) -> Directory {
        guard isBesideLedger(root) else { return try PrivateDirectory.make(root) }
        try files.createDirectory()
        var directory = try Directory.open(files.directory, followingLinks: true)
        for name in root.dropFirst(files.directory.count).split(separator: "/") {
            try directory.makeDirectory(String(name), files.access.ofDirectory)
            directory = try directory.open(directory: String(name))
        }
        guard try directory.status().mode & S_IWOTH == 0 else {
            throw SystemError("open", root, code: EACCES)
        }
        return directory
    }

    /// Removes what processes left behind that were killed while they wrote.
    func removeDrafts() {
        for root in roots {
            let names = (try? FileSystem.entries(of: root)) ?? []
            let drafts = names.filter { Directory.isDraft($0) }
            guard !drafts.isEmpty, isTrusted(root), let directory = try? Directory.open(root)
            else { continue }
            directory.removeDrafts(drafts)
        }
    }

    // MARK: - Reading

    /// All files that wait in directories we may trust, oldest first.
    func waiting() -> [File] {
        roots.flatMap { root -> [File] in
            guard let names = try? FileSystem.entries(of: root) else { return [] }
            let events = names.filter { $0.hasSuffix(Self.suffix) && !$0.hasPrefix(".") }
            if events.isEmpty || !isTrusted(root) { return [] }
            return events.map { File(directory: root, name: $0) }
        }
        .sorted { ($0.name, $0.directory) < ($1.name, $1.directory) }
    }

    /// Files that were set aside because they hold no event.
    func setAside() -> [File] {
        roots.flatMap { root -> [File] in
            ((try? FileSystem.entries(of: root)) ?? [])
                .filter { $0.hasSuffix(Self.rejected) }
                .map { File(directory: root, name: $0) }
        }
    }

    /// What a file holds.
    enum Content {
        case line(EventEnvelope)
        /// A later version of the program wrote it and will read it.
        case newer(deployment: EventID?)
        /// It is somebody else's, or gone, or cannot be read now.
        case unavailable
        /// It will never be an event.
        case unreadable
    }

    func read(_ file: File) -> Content {
        do throws(SystemError) {
            // Not opened unless it is a file: a socket cannot be, a device may act on it.
            let named = try FileSystem.status(file.path, followingLinks: false)
            guard isTrusted(named, in: file.directory) else { return .unavailable }
            guard named.isRegularFile else { return .unreadable }
            let open = try FileDescriptor.openUntrusted(file.path)
            let status = try open.status()
            guard isTrusted(status, in: file.directory) else { return .unavailable }
            guard status.size <= EventEnvelope.longest else { return .unreadable }
            let bytes = try open.readToEnd(limit: EventEnvelope.longest)
            guard let text = String(validating: bytes, as: UTF8.self) else { return .unreadable }
            return switch ParsedEvent(text) {
            case .line(let line): .line(line)
            case .newer(let deployment): .newer(deployment: deployment)
            case .unreadable: .unreadable
            }
        } catch {
            return .unavailable
        }
    }

    /// Forgets files whose events the ledger has.
    func remove(_ done: [File]) {
        for file in done { try? FileSystem.unlink(file.path) }
    }

    /// Sets a file aside that will never be an event, so that a person can look at it.
    func reject(_ file: File) {
        try? FileSystem.rename(file.path, to: file.path + Self.rejected)
    }

    // MARK: - Trust

    /// Nothing is put beside what is no file, such as `/dev/null`.
    private func isOfDevice(_ root: String) -> Bool {
        isBesideLedger(root)
            && (try? FileSystem.status(files.path, followingLinks: false))?.isDevice == true
    }

    private func isBesideLedger(_ root: String) -> Bool {
        let directory = files.directory == "/" ? "" : files.directory
        return !files.isFallback && root.hasPrefix(directory + "/")
    }

    /// Directories anybody may create, such as those in `/var/tmp`, must be ours alone.
    private func isTrusted(_ root: String) -> Bool {
        if isBesideLedger(root) {
            let status = try? FileSystem.status(root, followingLinks: false)
            return status.map { $0.isDirectory && $0.mode & S_IWOTH == 0 } ?? false
        }
        return (try? PrivateDirectory.isPrivate(root)) ?? false
    }

    /// Files of ours or of root; beside a ledger that a group shares, those of the group too: who
    /// can put them there can write the ledger itself.
    private func isTrusted(_ file: FileStatus, in root: String) -> Bool {
        if file.uid == User.effectiveID || file.uid == 0 { return true }
        return isBesideLedger(root) && file.mode & S_IWOTH == 0
    }
}

extension LedgerSettings {
    /// How many events wait in the spools, and how many files were set aside there.
    package var spooled: (waiting: Int, setAside: Int) {
        let spool = Spool(
            roots: spoolRoots, files: LedgerFiles(path: path, isFallback: isFallback))
        return (spool.waiting().count, spool.setAside().count)
    }

    /// The spools in which events wait.
    package var spoolsInUse: [String] {
        let spool = Spool(
            roots: spoolRoots, files: LedgerFiles(path: path, isFallback: isFallback))
        let used = Set(spool.waiting().map(\.directory))
        return spoolRoots.filter(used.contains)
    }
}
