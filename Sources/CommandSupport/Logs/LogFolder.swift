import Glibc
package import Ledger
package import SystemCalls

/// A directory of kept output, of one lock or of several.
package struct LogFolder: ~Copyable, Sendable {
    /// The open directory.
    package let directory: Directory

    /// Opens a directory that exists.
    package init(_ path: String) throws(SystemError) {
        directory = try .open(path, followingLinks: true)
    }

    /// Opens the directory of a file of kept output.
    package init(of path: String) throws(SystemError) {
        try self.init(Path.parent(of: path))
    }

    /// What is kept in it, oldest first; files of other names are somebody else's.
    package func logs(in entries: [String]) -> [LogName] {
        entries.compactMap { LogName($0) }.sorted {
            ($0.deployment, $0.isCompressed ? 1 : 0) < ($1.deployment, $1.isCompressed ? 1 : 0)
        }
    }

    /// What is kept of deployments with a number or an id, which may be just the beginning of one;
    /// newest first, each once.
    package func logs(named name: String) throws(SystemError) -> [LogName] {
        let text = (name.hasPrefix("#") ? name.dropFirst() : name[...]).lowercased()
        let all = logs(in: try directory.entries())
        let numbered = Int64(text).map { number in all.filter { $0.number == number } } ?? []
        let found =
            !numbered.isEmpty || text.count < Self.shortestID
            ? numbered : all.filter { $0.deployment.description.hasPrefix(text) }
        var seen: Set<EventID> = []
        return found.reversed().filter { seen.insert($0.deployment).inserted }
    }

    private static let shortestID = 4
}

extension LogFolder {
    /// Begins the name of a file that names the output of a lock's newest failed deployment.
    private static let failedMark = ".failed-"

    /// Notes that a deployment failed, so that its output stays however old it gets, until the next
    /// one of the same lock fails.
    package func noteFailure(of name: LogName, lock: String) {
        guard let status = try? directory.status(of: name.text) else { return }
        let access = FileAccess(mode: status.permissions, owner: status.uid, group: status.gid)
        var hash = ContentHash()
        hash.update(Array(lock.utf8))
        try? directory.replace(
            Self.failedMark + hash.text.prefix(16), with: Array("\(name.text)\n".utf8), access
        ) { _ throws(SystemError) in }
    }

    /// The newest failed deployments of all locks, as they were noted.
    package func failures(in entries: [String]) -> Set<EventID> {
        let marks = entries.filter { $0.hasPrefix(Self.failedMark) }
        let names = marks.prefix(Self.mostMarks).compactMap { mark -> LogName? in
            guard let file = try? directory.open(mark, O_RDONLY | O_NONBLOCK | O_NOCTTY),
                let status = try? file.status(), status.isRegularFile,
                let bytes = try? file.contents(limit: 256)
            else { return nil }
            return LogName(String(decoding: bytes.prefix { $0 != 10 }, as: UTF8.self))
        }
        return Set(names.map(\.deployment))
    }

    private static let mostMarks = 1000
}
