public import Glibc

/// Files that are never seen half written.
public enum FileReplacement {
    /// Writes beside the file, then renames over it; a symbolic link of our own or of root's is
    /// followed first, so that the link stays.
    ///
    /// What is no regular file (`/dev/stdout`, a pipe) is written to as it is. An error names `path`,
    /// whichever file beside it the call was about.
    ///
    /// - Parameter mode: the permissions it gets; nil for those it has, or of any new file.
    public static func write(
        _ bytes: [UInt8], to path: String, mode: mode_t? = nil
    ) throws(SystemError) {
        do {
            try replace(bytes, path, mode: mode)
        } catch {
            throw SystemError(error.call, path, code: error.code)
        }
    }

    private static func replace(
        _ bytes: [UInt8], _ path: String, mode: mode_t?
    ) throws(SystemError) {
        // Where anybody may put a link, one of somebody else's is replaced and not followed.
        let link = try? FileSystem.status(path, followingLinks: false)
        let isForeign = link.map { $0.isSymbolicLink && ![0, geteuid()].contains($0.uid) } ?? false
        let status = isForeign ? nil : try? FileSystem.status(path)
        if let status, !status.isRegularFile {
            return try FileDescriptor.open(path, O_WRONLY).write(bytes)
        }
        let name = isForeign ? path : FileSystem.resolved(path) ?? path
        let draft = "\(name).\(getpid()).tmp"
        // Left behind by a process with our id that was killed here.
        try? FileSystem.unlink(draft)
        let mask = umask(0)
        umask(mask)
        do throws(SystemError) {
            let file = try FileDescriptor.open(
                draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
            try file.setPermissions(mode ?? status?.permissions ?? 0o666 & ~mask)
            try file.write(bytes)
            try file.synchronize()
            try FileSystem.rename(draft, to: name)
        } catch {
            try? FileSystem.unlink(draft)
            throw error
        }
    }
}
