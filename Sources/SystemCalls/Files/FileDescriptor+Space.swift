import CLinux

extension FileDescriptor {
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
