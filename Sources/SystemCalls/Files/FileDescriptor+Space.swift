import CLinux
import Glibc

extension FileDescriptor {
    /// Bytes that are free for us on the file's disk.
    ///
    /// The C function is `fstatvfs`.
    package func availableSpace() throws(SystemError) -> Int {
        var status = statvfs()
        try checked("fstatvfs") { fstatvfs(rawValue, &status) }
        let (bytes, isMore) = status.f_bavail.multipliedReportingOverflow(by: status.f_frsize)
        return isMore ? .max : Int(clamping: bytes)
    }

    /// Takes space on the disk for what will be written; the size stays as it is.
    ///
    /// What is reserved beyond the end is given back by `truncate`, to the same size too. The C
    /// function is `fallocate` with `FALLOC_FL_KEEP_SIZE`.
    package func reserve(_ bytes: Int) throws(SystemError) {
        try checked("fallocate") {
            deploy_ledger_fallocate(rawValue, deploy_ledger_keep_size, 0, bytes)
        }
    }
}
