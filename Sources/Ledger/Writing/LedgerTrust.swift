package import Glibc
internal import SystemCalls

extension LedgerWriter {
    /// Whether a user may write this ledger anyway, so that events they left elsewhere can be taken.
    package func isTrusted(_ user: uid_t) -> Bool { isTrusted(user, process: nil) }

    /// The same of a user of whom a process may run: the kernel knows its groups.
    package func isTrusted(_ user: uid_t, process: pid_t?) -> Bool {
        if user == 0 || user == User.effectiveID { return true }
        guard let directory = try? FileSystem.status(files.directory) else { return false }
        if directory.uid == user || directory.mode & S_IWOTH != 0 { return true }
        guard directory.mode & S_IWGRP != 0 else { return false }
        return process.map { User.hasProcess($0, of: user, in: directory.gid) } == true
            || User.isMember(user, of: directory.gid)
    }
}
