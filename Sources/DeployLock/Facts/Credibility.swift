import Glibc
import Processes
import SystemCalls

/// Whose word about a process counts, where anybody may have put it.
enum Credibility {
    /// Root's, our own and that of the process's owner.
    static func isTrue(of author: uid_t?, about process: ProcessIdentity) -> Bool {
        if author == 0 || author == User.effectiveID { return true }
        return author != nil && process.isOfOurNamespace
            && (try? FileSystem.status("/proc/\(process.pid)").uid) == author
    }
}
