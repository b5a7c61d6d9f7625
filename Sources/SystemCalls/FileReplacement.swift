import Glibc

/// Files that are never seen half written.
public enum FileReplacement {
    /// Writes beside the file, then renames over it; a symbolic link is followed first, so that the
    /// link stays.
    ///
    /// What is no regular file (`/dev/stdout`, a pipe) is written to as it is. An error names `path`,
    /// whichever file beside it the call was about.
    public static func write(_ bytes: [UInt8], to path: String) throws(SystemError) {
        let status = try? FileSystem.status(path)
        if let status, !status.isRegularFile {
            return try FileDescriptor.open(path, O_WRONLY).write(bytes)
        }
        let target = realpath(path, nil).map { resolved in
            defer { free(resolved) }
            return String(cString: resolved)
        }
        let name = target ?? path
        let draft = "\(name).\(getpid()).tmp"
        let mask = umask(0)
        umask(mask)
        do throws(SystemError) {
            let file = try FileDescriptor.open(
                draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
            try file.setPermissions(status?.permissions ?? 0o666 & ~mask)
            try file.write(bytes)
            try file.synchronize()
            try FileSystem.rename(draft, to: name)
        } catch {
            try? FileSystem.unlink(draft)
            throw SystemError(error.call, path, code: error.code)
        }
    }
}
