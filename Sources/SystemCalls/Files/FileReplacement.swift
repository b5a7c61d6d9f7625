import Glibc

/// Files that are never seen half written.
package enum FileReplacement {
    /// Writes beside the file, then renames over it; a symbolic link of our own or of root's is
    /// followed first, so that the link stays.
    ///
    /// What is no regular file (`/dev/stdout`, a pipe) is written to as it is. An error names `path`,
    /// whichever file beside it the call was about.
    ///
    /// - Parameter access: whose it is then and who may use it; nil for what it has, or any new file
    ///   gets.
    package static func write(
        _ bytes: [UInt8], to path: String, _ access: FileAccess? = nil
    ) throws(SystemError) {
        do {
            try replace(bytes, path, access)
        } catch {
            throw SystemError(error.call, path, code: error.code)
        }
    }

    private static func replace(
        _ bytes: [UInt8], _ path: String, _ access: FileAccess?
    ) throws(SystemError) {
        // Where anybody may put a link, one of somebody else's is replaced and not followed.
        let link = try? FileSystem.status(path, followingLinks: false)
        let isForeign = link.map { $0.isSymbolicLink && ![0, geteuid()].contains($0.uid) } ?? false
        let status = isForeign ? nil : try? FileSystem.status(path)
        if let status, !status.isRegularFile {
            return try FileDescriptor.open(path, O_WRONLY).write(bytes)
        }
        let target = isForeign ? path : FileSystem.resolved(path) ?? path
        let directory = try Directory.open(Path.parent(of: target), followingLinks: true)
        let name = Path.name(of: target)
        if let names = try? directory.entries() {
            directory.removeDrafts(names.filter { Directory.isDraft($0, of: name) })
        }
        let usual = status.map { FileAccess(mode: $0.permissions, group: $0.gid) }
        try directory.replace(name, with: bytes, access ?? usual ?? newFile) {
            file throws(SystemError) in try file.synchronize()
        }
    }

    private static var newFile: FileAccess {
        let mask = umask(0)
        umask(mask)
        return FileAccess(mode: 0o666 & ~mask)
    }
}
