internal import Glibc
internal import SystemCalls

/// What is noted in the lock file beside a ledger, so that it is known when nothing of the ledger can
/// be read any more, nothing of it is left, or its end is gone.
///
/// That there is a lock file or a spool proves nothing: an attempt at a wrong path leaves both. It is
/// written after each commit and never waited for, so it may be behind the ledger, never ahead of it.
struct LedgerMark: Hashable, Sendable {
    /// Whether there was a ledger of ours.
    let wasLedger: Bool
    /// Its random id, when that is known.
    let identity: [UInt8]?
    /// Its newest event; nil when it had none, or that is not known.
    let newest: Head?

    private static let first = "a ledger of deploy-ledger"
    private static let longest = 256

    /// Nothing is known.
    static let none = LedgerMark(wasLedger: false, identity: nil, newest: nil)

    private init(wasLedger: Bool, identity: [UInt8]?, newest: Head?) {
        self.wasLedger = wasLedger
        self.identity = identity
        self.newest = newest
    }

    /// What is to be noted of a ledger of ours.
    init(_ head: Head, identity: [UInt8]) {
        self.init(wasLedger: true, identity: identity, newest: head.seq > 0 ? head : nil)
    }

    /// Reads a lock file; what cannot be read says nothing.
    init(_ file: borrowing FileDescriptor) {
        guard let bytes = try? file.read(count: Self.longest, at: 0), !bytes.isEmpty else {
            self = .none
            return
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        let words = lines.dropFirst().first?.split(separator: " ") ?? []
        let identity = words.first.flatMap { Hexadecimal.decode($0.utf8) }
        guard words.count == 2, lines.first.map(String.init) == Self.first, identity?.count == 32,
            let head = Head(String(words[1]))
        else {
            self.init(wasLedger: true, identity: nil, newest: nil)
            return
        }
        self.init(wasLedger: true, identity: identity, newest: head.seq > 0 ? head : nil)
    }

    /// Reads the lock file of a ledger.
    init(of files: LedgerFiles) {
        guard let file = try? FileDescriptor.openUntrusted(files.lock) else {
            self = .none
            return
        }
        self.init(file)
    }

    /// Notes it.
    func write(to files: LedgerFiles) {
        guard let identity else { return }
        let head = newest ?? Head(seq: 0, hash: [UInt8](repeating: 0, count: 32))
        let text = "\(Self.first)\n\(Hexadecimal.encode(identity)) \(head)\n"
        let flags = O_WRONLY | O_NOFOLLOW | O_NONBLOCK
        // In one write, over what was there: what is behind a shorter line is never read.
        try? FileDescriptor.open(files.lock, flags).write(Array(text.utf8), at: 0)
    }
}
