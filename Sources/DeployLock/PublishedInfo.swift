import Glibc
public import SystemCalls

extension HolderInfo {
    /// Publishes the facts for people and older scripts: written aside, then renamed.
    ///
    /// Best effort: in a sticky directory another user's leftover cannot be replaced, and the
    /// ticket has the same facts.
    public func publish(at path: String) throws(SystemError) {
        let draft = "\(path).\(getpid()).tmp"
        do {
            let directory = try FileSystem.status(Path.parent(of: path))
            let file = try FileDescriptor.open(
                draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
            try file.setPermissions(directory.mode & 0o644 | 0o600)
            try file.write(publishedForm)
            try FileSystem.rename(draft, to: path)
        } catch {
            try? FileSystem.unlink(draft)
            throw error
        }
    }

    /// Reads facts that were published; nil when there are none that can be read.
    public init?(publishedAt path: String) {
        guard let (bytes, _) = try? FileSystem.readUntrusted(path, limit: Self.largestFile) else {
            return nil
        }
        self.init(parsing: bytes)
    }

    private static let largestFile = 1 << 16

    /// Takes the published facts back, unless others have been published since.
    public func withdraw(from path: String) {
        guard let (bytes, _) = try? FileSystem.readUntrusted(path, limit: Self.largestFile),
            bytes == publishedForm
        else { return }
        try? FileSystem.unlink(path)
    }

    private var publishedForm: [UInt8] { json() + [UInt8(ascii: "\n")] }
}
