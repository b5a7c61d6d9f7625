internal import Glibc
internal import SystemCalls

/// What is noted in the lock file beside a ledger, so that it is known when nothing of the ledger can
/// be read any more, or nothing of it is left.
///
/// That there is a lock file or a spool proves nothing: an attempt at a wrong path leaves both.
enum LedgerMark: Hashable, Sendable {
    /// Nothing is known.
    case none
    /// There was a ledger of ours, without events.
    case empty
    /// There was a ledger of ours with events.
    case filled

    /// The longer one is written over the shorter one.
    private var text: String {
        switch self {
        case .none: ""
        case .empty: "a ledger\n"
        case .filled: "a ledger of deploy-ledger\n"
        }
    }

    /// What a lock file of so many bytes says.
    init(size: Int) {
        self =
            switch size {
            case 0: .none
            case Self.empty.text.utf8.count: .empty
            default: .filled
            }
    }

    /// What is to be noted of a ledger that ends with this event.
    init(_ head: Head) { self = head.seq > 0 ? .filled : .empty }

    /// Notes it.
    func write(to files: LedgerFiles) {
        let flags = O_WRONLY | O_NOFOLLOW | O_NONBLOCK
        try? FileDescriptor.open(files.lock, flags).write(text.utf8)
    }
}
