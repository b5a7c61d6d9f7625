import Glibc
import Processes
package import SystemCalls

extension DeploymentFacts {
    /// Publishes the facts for people and older scripts: written aside, then renamed.
    ///
    /// Best effort: in a sticky directory another user's leftover cannot be replaced, and the
    /// ticket has the same facts.
    package func publish(at path: String) throws(SystemError) {
        for _ in 0..<3 {
            do {
                return try replace(path)
            } catch {
                // Somebody took the draft for a killed one's before it was locked.
                guard error.code == ENOENT, FileSystem.exists(Path.parent(of: path)) else {
                    throw error
                }
            }
        }
    }

    private func replace(_ path: String) throws(SystemError) {
        // Not to be guessed: nobody can take the name first.
        let draft = "\(path).\(UInt64.random(in: .min ... .max))\(Self.draftSuffix)"
        do {
            let directory = try FileSystem.status(Path.parent(of: path))
            let file = try FileDescriptor.open(
                draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
            // As long as its writer lives.
            _ = try file.tryLock(.exclusive)
            try file.setPermissions(directory.mode & 0o644 | 0o600)
            try file.write(publishedForm)
            try FileSystem.rename(draft, to: path)
        } catch {
            try? FileSystem.unlink(draft)
            throw error
        }
    }

    private static let draftSuffix = ".tmp"

    /// Removes drafts of those who were killed while they published something at a path.
    static func removeDrafts(of path: String) {
        let directory = Path.parent(of: path)
        let mark = Path.name(of: path) + "."
        for name in (try? FileSystem.entries(of: directory)) ?? []
        where name.hasPrefix(mark) && name.hasSuffix(draftSuffix) {
            let draft = "\(directory)/\(name)"
            guard let file = try? FileDescriptor.openUntrusted(draft),
                (try? file.tryLock(.shared)) == true
            else { continue }
            try? FileSystem.unlink(draft)
        }
    }

    /// Reads facts that were published; nil when there are none that can be read.
    package init?(publishedAt path: String) {
        guard let (bytes, _) = try? FileSystem.readUntrusted(path, limit: Self.largestFile) else {
            return nil
        }
        self.init(parsing: bytes)
    }

    /// The same if it is the word of somebody who may speak for the processes it names: root, this
    /// user, or their owner.
    ///
    /// Anybody may write it in a directory that is open to all.
    init?(crediblyPublishedAt path: String) {
        guard let (bytes, status) = try? FileSystem.readUntrusted(path, limit: Self.largestFile),
            let info = DeploymentFacts(parsing: bytes)
        else { return nil }
        func isForged(_ process: ProcessIdentity?) -> Bool {
            process.map { $0.isAlive && !Credibility.isTrue(of: status.uid, about: $0) } ?? false
        }
        if isForged(info.process) { return nil }
        self = info
        if isForged(keeper) { keeperPid = nil }
        if isForged(commandProcess) { commandPid = nil }
    }

    private static let largestFile = 1 << 16

    /// Takes back the published facts of a deployment, unless others have been published since.
    package static func withdraw(_ deployment: String, from path: String) {
        // As we write it; reading all of it would take longer than the rest of the release.
        guard let (bytes, _) = try? FileSystem.readUntrusted(path, limit: largestFile) else {
            return
        }
        let text = bytes.map(CChar.init(bitPattern:)) + [0]
        guard strstr(text, "\"deployment\":\"\(deployment)\"") != nil else { return }
        try? FileSystem.unlink(path)
    }

    private var publishedForm: [UInt8] { json() + [UInt8(ascii: "\n")] }
}
