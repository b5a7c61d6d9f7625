public import Glibc
internal import SystemCalls

extension LedgerWriter {
    /// Whether a user may write this ledger anyway, so that events he left elsewhere can be taken.
    public func isTrusted(_ user: uid_t) -> Bool {
        if user == 0 || user == User.effectiveID { return true }
        guard let directory = try? FileSystem.status(files.directory) else { return false }
        if directory.uid == user || directory.mode & S_IWOTH != 0 { return true }
        return directory.mode & S_IWGRP != 0 && User.groups(of: user).contains(directory.gid)
    }

    /// Whether events wait in a spool, so that the ledger does not know everything yet.
    public var hasWaitingEvents: Bool { !spool.waiting().isEmpty }
}
