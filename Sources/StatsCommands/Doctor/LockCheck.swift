import DeployLock
import Glibc
import SystemCalls
import Wording

/// The lock and its queue: who can use them, and who could hold everybody up.
struct LockCheck {
    let paths: LockPaths
    let mounts: MountTable
    /// The group that shares the ledger; nil where none does.
    var sharer: gid_t?

    private static let subject = "lock"
    private var directory: String { paths.directory }

    var findings: [Finding] {
        guard let status = try? FileSystem.status(directory) else {
            return [
                Finding(
                    .warning, Self.subject,
                    "\(directory), the directory of the lock, does not exist: no deployment can "
                        + "start",
                    remedy: sharer.map {
                        SharedDirectory.ofLock(directory, Group.name(of: $0)).command
                    } ?? Remedy.command("install", "-d", "-m", "2775", directory))
            ]
        }
        return kind + place + openness(status) + members(status) + readers(status)
            + AccessCheck(
                subject: Self.subject, directory: directory,
                files: [paths.lockFile, paths.gateFile]
            ).findings
    }

    private var kind: [Finding] {
        guard let status = try? FileSystem.status(paths.lockFile, followingLinks: false),
            !status.isRegularFile
        else { return [] }
        return [
            Finding(
                .critical, Self.subject,
                "\(paths.lockFile) is not a regular file: no deployment can start; move it away")
        ]
    }

    private var place: [Finding] {
        guard let mount = mounts.mount(of: FileSystem.resolved(directory) ?? directory) else {
            return []
        }
        if FileSystemType.isRemote(mount.type) {
            return [
                Finding(
                    .warning, Self.subject,
                    "\(directory) is on \(mount.type): whether its locks exclude other machines "
                        + "depends on the server; use one lock file per machine, on its own disk")
            ]
        }
        if mount.type == "overlay" {
            return [
                Finding(
                    .warning, Self.subject,
                    "\(directory) is in the container's own file system: deployments of the host "
                        + "or of other containers do not see this lock; mount a directory of the "
                        + "host")
            ]
        }
        if mount.type == "tmpfs",
            !Self.lasting.contains(FileSystem.resolved(directory) ?? directory)
        {
            return [
                Finding(
                    .warning, Self.subject,
                    "\(directory) is on tmpfs: it is gone when the machine restarts, and no "
                        + "deployment can start; use a directory on a disk, or create it with "
                        + "tmpfiles.d(5)")
            ]
        }
        return []
    }

    /// Directories in memory that are there after every start of a machine.
    private static let lasting = ["/run", "/run/lock", "/tmp", "/dev/shm"]

    private func openness(_ status: FileStatus) -> [Finding] {
        if status.mode & S_IWOTH == 0 { return [] }
        return [
            Finding(
                .note, Self.subject,
                "every user of this machine may write \(directory), and so hold the lock for ever; "
                    + "with users you do not trust use a directory of the deployers' group "
                    + "(docs/security.md)",
                remedy: Self.ownLock(SharedDirectory.usualGroup))
        ]
    }

    /// Whether everybody may use a lock in a directory.
    static func isOpen(_ directory: String) -> Bool {
        (try? FileSystem.status(directory)).map { $0.mode & S_IWOTH != 0 } ?? false
    }

    /// Those who share the ledger deploy, so they have to be able to lock.
    private func members(_ status: FileStatus) -> [Finding] {
        guard let sharer, status.mode & S_IWOTH == 0,
            status.gid != sharer || status.mode & S_IWGRP == 0
        else { return [] }
        let group = Group.name(of: sharer)
        return [
            Finding(
                .warning, Self.subject,
                "\(directory) is \(AccessCheck.describe(status)): members of the group \(group), "
                    + "who share the ledger, cannot use the lock",
                remedy: Self.ownLock(group))
        ]
    }

    /// A lock in a directory of the deployers' group.
    private static func ownLock(_ group: String) -> String {
        Remedy.commands(
            SharedDirectory.ofLock(Path.parent(of: SharedDirectory.usualLock), group).command,
            "echo DEPLOY_LOCK_FILE=\(SharedDirectory.usualLock) >> /etc/deploy-ledger.conf")
    }

    /// Files of the lock that more people may open than may write the directory: who can open a
    /// file can lock it.
    private func readers(_ status: FileStatus) -> [Finding] {
        let closed = [S_IRWXG: status.mode & S_IWGRP != 0, S_IRWXO: status.mode & S_IWOTH != 0]
            .filter { !$0.value }.map(\.key)
        return [paths.lockFile, paths.gateFile].compactMap { file in
            guard let mode = (try? FileSystem.status(file, followingLinks: false))?.permissions,
                closed.contains(where: { mode & $0 != 0 })
            else { return nil }
            return Finding(
                .warning, Self.subject,
                "\(file) can be opened by people who may not write \(directory): they can lock it "
                    + "and hold up every deployment",
                remedy: Remedy.command(
                    "chmod",
                    closed.map { $0 == S_IRWXG ? "g-rwx" : "o-rwx" }.sorted()
                        .joined(separator: ","), file))
        }
    }
}
