import Glibc
import SystemCalls

/// Who may use a directory and the files in it.
struct AccessCheck {
    let subject: String
    let directory: String
    let files: [String]

    /// What not everybody can use who may write the directory.
    struct Flaw: Hashable {
        let path: String
        let status: FileStatus
        let hasGroup: Bool
        let mayUse: Bool

        /// The permission bits with which the group can use it.
        var mode: mode_t { status.isDirectory ? 0o2770 : 0o660 }
    }

    /// Whether all who may write the directory may write its files, too.
    ///
    /// SQLite needs the database and its companions writable for everybody who writes one of them,
    /// and files that root made before a directory was shared have root's group.
    var findings: [Finding] {
        guard let shared = try? FileSystem.status(directory), shared.mode & S_IWGRP != 0 else {
            return []
        }
        let group = Group.name(of: shared.gid)
        return flaws(for: shared.gid).map { flaw in
            Finding(
                .warning, subject,
                "\(flaw.path) is \(Self.describe(flaw.status)), but \(directory) is shared by the "
                    + "group \(group): its members cannot use it",
                remedy: Remedy.commands(
                    flaw.hasGroup ? nil : Remedy.command("chgrp", group, flaw.path),
                    flaw.mayUse
                        ? nil
                        : Remedy.command(
                            "chmod", flaw.status.isDirectory ? "g+rwxs" : "g+rw", flaw.path)))
        }
    }

    /// What the members of a group cannot use; all that is not open to everybody where there is no
    /// such group.
    func flaws(for group: gid_t?) -> [Flaw] {
        files.compactMap { file in
            guard let status = try? FileSystem.status(file, followingLinks: false),
                status.isRegularFile || status.isDirectory
            else { return nil }
            let wanted: mode_t = status.isDirectory ? 0o070 : 0o060
            let flaw = Flaw(
                path: file, status: status, hasGroup: status.gid == group,
                mayUse: status.mode & wanted == wanted)
            // As a lock in a directory of everybody is.
            let isOpen = status.mode & S_IROTH != 0 && status.mode & S_IWOTH != 0
            return isOpen || flaw.hasGroup && flaw.mayUse ? nil : flaw
        }
    }

    /// `root:root 0600`.
    static func describe(_ status: FileStatus) -> String {
        "\(User.name(of: status.uid)):\(Group.name(of: status.gid)) \(describe(status.permissions))"
    }

    /// `0600`.
    static func describe(_ mode: mode_t) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
