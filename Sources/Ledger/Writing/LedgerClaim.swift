internal import Glibc
internal import SystemCalls

/// The right to write to a ledger, held until the value goes away.
///
/// It is a `flock` on a file of its own beside the ledger: all appends and checkpoints of all
/// processes happen one after the other, which also keeps clear of the write-ahead log defect that
/// SQLite had from 3.7.0 to 3.51.2.
package struct LedgerClaim: ~Copyable, Sendable {
    private let descriptor: FileDescriptor
    /// What is noted of the ledger.
    let mark: LedgerMark

    /// Takes the lock at once; nil when somebody else has it.
    static func take(_ files: LedgerFiles) throws(SystemError) -> LedgerClaim? {
        let descriptor = try open(files)
        guard try descriptor.tryLock(.exclusive) else { return nil }
        return try LedgerClaim(locked: descriptor, files)
    }

    /// Waits for the lock until the deadline; nil when it has passed.
    static func wait(
        _ files: LedgerFiles, until deadline: Deadline
    ) throws(SystemError) -> LedgerClaim? {
        while true {
            let descriptor = try open(files)
            guard try descriptor.lock(.exclusive, until: deadline.at) else { return nil }
            if let claim = try LedgerClaim(locked: descriptor, files) { return claim }
            if deadline.remainingMicroseconds <= 0 { return nil }
        }
    }

    /// Nil when a person has removed or replaced the file since it was opened.
    private init?(
        locked descriptor: consuming FileDescriptor, _ files: LedgerFiles
    ) throws(SystemError) {
        guard let now = try? FileSystem.status(files.lock),
            try descriptor.status().identity == now.identity
        else { return nil }
        self.descriptor = descriptor
        mark = LedgerMark(self.descriptor)
    }

    private static func open(_ files: LedgerFiles) throws(SystemError) -> FileDescriptor {
        for _ in 0..<3 {
            do {
                return try FileDescriptor.openUntrusted(files.lock)
            } catch {
                if error.code != ENOENT { throw error }
            }
            do {
                try files.createDirectory()
                return try files.create(files.lock)
            } catch {
                if error.code != EEXIST { throw error }
            }
        }
        throw SystemError("open", files.lock, code: ENOENT)
    }
}
