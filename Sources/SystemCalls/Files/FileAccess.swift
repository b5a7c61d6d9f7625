import CLinux
package import Glibc

/// Whose a file is and who may use it, whatever the umask.
package struct FileAccess: Hashable, Sendable {
    /// The permission bits.
    package var mode: mode_t
    /// The owner; nil for whoever creates it.
    package var owner: uid_t?
    /// The group; nil for the one it gets anyway.
    package var group: gid_t?

    /// These permission bits, for owner and group where they are given.
    package init(mode: mode_t, owner: uid_t? = nil, group: gid_t? = nil) {
        self.mode = mode
        self.owner = owner
        self.group = group
    }

    /// What a file gets in a directory whose group shares what is in it: the directory decides,
    /// whoever came first.
    ///
    /// What root makes in another user's directory has to stay usable for them.
    package init(sharedIn directory: FileStatus) {
        let isWritten = directory.mode & S_IWGRP != 0
        let isRead = directory.mode & S_IRGRP != 0
        mode = isWritten ? 0o660 : isRead ? 0o640 : 0o600
        group = isWritten || isRead ? directory.gid : nil
        owner = User.effectiveID == 0 && directory.uid != 0 ? directory.uid : nil
    }

    /// The same for a directory: what is made in it has its group.
    package var ofDirectory: FileAccess {
        var access = self
        access.mode |= (mode & 0o444) >> 2
        if group != nil { access.mode |= S_ISGID }
        return access
    }
}

extension FileDescriptor {
    /// Gives the open file its permission bits, group and owner.
    ///
    /// A group that is not ours to give, chown(2), must not get its bits by another one: then the
    /// group may do no more than everybody.
    package func set(_ access: FileAccess) throws(SystemError) {
        let now = try status()
        var mode = access.mode
        if let group = access.group, group != now.gid {
            do {
                // -1 keeps the owner, chown(2).
                try setOwner(.max, group: group)
            } catch {
                mode &= ~(S_IRWXG | S_ISGID)
                mode |= (mode & S_IRWXO) << 3
            }
        }
        // The owner last: only root can go on after that.
        try setPermissions(mode)
        if let owner = access.owner, owner != now.uid { try setOwner(owner, group: .max) }
    }
}

extension FileAccess {
    /// Gives them to a file or directory that is there already, without opening it: closing a
    /// database file would drop the locks that SQLite has on it in this process.
    ///
    /// A symbolic link is not followed. A file with a second name is refused (`EMLINK`): whoever
    /// may write the directory can have given it one.
    package func apply(to path: String) throws(SystemError) {
        // With O_PATH nothing is opened and closing drops no locks, open(2); fchmod(2) does not
        // take such a descriptor, the name it has in /proc does.
        let file = try FileDescriptor.open(path, deploy_ledger_o_path | O_NOFOLLOW)
        let status = try file.status()
        guard status.isDirectory || status.isRegularFile else {
            throw SystemError("chmod", path, code: ELOOP)
        }
        guard status.isDirectory || status.links == 1 else {
            throw SystemError("chmod", path, code: EMLINK)
        }
        let name = "/proc/self/fd/\(file.rawValue)"
        if let group, group != status.gid {
            try checked("chown", path) { chown(name, .max, group) }
        }
        if mode != status.permissions { try checked("chmod", path) { chmod(name, mode) } }
        if let owner, owner != status.uid {
            try checked("chown", path) { chown(name, owner, .max) }
        }
    }
}
