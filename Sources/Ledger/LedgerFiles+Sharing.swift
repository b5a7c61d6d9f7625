internal import Glibc
package import SystemCalls
internal import Wording

/// Who may use the files of a ledger: those of the directory decide, so that a directory shared by
/// a group makes a ledger shared by it, whoever came first and whatever the umask.
extension LedgerFiles {
    /// What new files get.
    var access: FileAccess {
        (try? FileSystem.status(directory)).map { FileAccess(sharedIn: $0) }
            ?? FileAccess(mode: 0o600)
    }

    private var names: [String] { [path, lock, writeAheadLog, sharedMemory] }

    /// Gives files back what they lost, or never got because they were made before the directory
    /// was shared or by a run that was killed: those of ours and, from root, those of all.
    func share() {
        let wanted = access
        guard wanted.mode & S_IWGRP != 0 else { return }
        let shared = names.filter { share($0, wanted) }
        // What was found so in one place is so in all.
        if shared.isEmpty { return }
        for spool in spools { _ = share(spool, wanted.ofDirectory) }
        for name in remains { _ = share(name, wanted) }
    }

    /// Whether something had to be mended.
    private func share(_ path: String, _ wanted: FileAccess) -> Bool {
        guard let status = try? FileSystem.status(path, followingLinks: false),
            status.isRegularFile || status.isDirectory,
            status.uid == User.effectiveID || User.effectiveID == 0,
            !status.isOpen(as: wanted)
        else { return false }
        var access = wanted
        // Whose it is need not change for that.
        if status.uid != 0 { access.owner = nil }
        return (try? access.apply(to: path)) != nil
    }

    /// The directories of events that could not be added yet.
    private var spools: [String] {
        let common = directory + "/spool"
        return spoolDirectory == common ? [common] : [common, spoolDirectory]
    }

    /// The files of the spool, what was set aside, and notes of the tools.
    private var remains: [String] {
        let prefix = Path.name(of: path) + "."
        let beside = ((try? FileSystem.entries(of: directory)) ?? [])
            .filter { $0.hasPrefix(prefix) }.map { "\(directory)/\($0)" }
        return beside.filter { !names.contains($0) }
            + spools.flatMap { spool in
                ((try? FileSystem.entries(of: spool)) ?? [])
                    .filter { $0.hasSuffix(Spool.suffix) || $0.hasSuffix(Spool.rejected) }
                    .map { "\(spool)/\($0)" }
            }
    }

    /// All of it that is there.
    fileprivate var present: [String] {
        (names + spools + remains.sorted()).filter {
            (try? FileSystem.status($0, followingLinks: false)) != nil
        }
    }

    /// The first place of events that cannot reach the ledger.
    var spoolDirectory: String { Self.spoolDirectory(of: path) }

    static func spoolDirectory(of path: String) -> String {
        let spool = Path.parent(of: path) + "/spool"
        let name = Path.name(of: path)
        return name == "ledger.db" ? spool : "\(spool)/\(name)"
    }

    /// What a failed call was about and what to do.
    func explain(_ error: SystemError) -> String {
        let advice = error.advice(permission: permissionAdvice)
        return error.description + (advice.map { "; \($0)" } ?? "")
    }

    /// Who may help one who may not use the ledger's files.
    ///
    /// A member of the group that shares the directory who cannot use a file in it meets one that
    /// was made before it was shared.
    var permissionAdvice: String? {
        guard let shared = try? FileSystem.status(directory) else { return nil }
        let user = User.name(of: User.effectiveID)
        let group = Group.name(of: shared.gid)
        guard shared.mode & S_IWGRP != 0 else {
            return "\(user) requires write permission in \(directory); or name another ledger with "
                + "--ledger"
        }
        if !FileSystem.isWritable(directory) {
            return "\(user) has to be in the group \(group), which shares \(directory)"
        }
        let closed = names.filter {
            FileSystem.exists($0) && !(FileSystem.isReadable($0) && FileSystem.isWritable($0))
        }
        if closed.isEmpty { return nil }
        let files = ShellText.quoted(closed)
        return "\(directory) is shared by the group \(group), but not these files; as root: "
            + "chgrp \(ShellText.quoted([group])) \(files) && chmod g+rw \(files)"
    }
}

extension LedgerSettings {
    /// Who may use what is kept beside the events, as they may use the ledger's files.
    package var access: FileAccess { LedgerFiles(path: path).access }

    /// What is there of the ledger, and has to be shared by all who share its directory: its files,
    /// the spool beside it, what was set aside, and notes of the tools.
    package var files: [String] { LedgerFiles(path: path).present }
}

extension FileStatus {
    /// Whether those who shall use it may.
    fileprivate func isOpen(as wanted: FileAccess) -> Bool {
        permissions == wanted.mode && (wanted.group == nil || gid == wanted.group)
    }
}
