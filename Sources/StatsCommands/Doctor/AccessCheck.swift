import Glibc
import SystemCalls

/// Who may use a directory and the files in it.
struct AccessCheck {
    let subject: String
    let directory: String
    let files: [String]

    /// Whether all who may write the directory may write its files, too.
    ///
    /// SQLite needs the database and its companions writable for everybody who writes one of them,
    /// and files that root made before a directory was shared have root's group.
    var findings: [Finding] {
        guard let shared = try? FileSystem.status(directory), shared.mode & S_IWGRP != 0 else {
            return []
        }
        return files.compactMap { file in
            guard let status = try? FileSystem.status(file, followingLinks: false),
                status.isRegularFile
            else { return nil }
            let hasGroup = status.gid == shared.gid
            let mayWrite = status.mode & S_IWGRP != 0 && status.mode & S_IRGRP != 0
            // As a lock in a directory of everybody is.
            let isOpen = status.mode & S_IROTH != 0 && status.mode & S_IWOTH != 0
            if isOpen || hasGroup && mayWrite { return nil }
            let group = Group.name(of: shared.gid)
            return Finding(
                .warning, subject,
                "\(file) is \(Self.describe(status)), but \(directory) is shared by the group "
                    + "\(group): its members cannot use the file",
                remedy: Remedy.commands(
                    hasGroup ? nil : Remedy.command("chgrp", group, file),
                    mayWrite ? nil : Remedy.command("chmod", "g+rw", file)))
        }
    }

    /// `root:root 0600`.
    static func describe(_ status: FileStatus) -> String {
        let mode = String(status.permissions, radix: 8)
        let padded = String(repeating: "0", count: max(0, 4 - mode.count)) + mode
        return "\(User.name(of: status.uid)):\(Group.name(of: status.gid)) \(padded)"
    }
}
