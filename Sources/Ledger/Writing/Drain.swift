internal import SQLite

/// Taking waiting events into the ledger, oldest first.
struct Drain {
    private let spool: Spool
    private let deadline: Deadline
    private let limit: Int
    private var done: [Spool.File] = []
    private var rejected: [Spool.File] = []

    /// Events that were not in the ledger before.
    private(set) var count = 0
    /// Deployments with events that only a later version of the program understands.
    private(set) var unheard: [EventID] = []
    /// Whether the time was enough for all that could be read.
    private(set) var isComplete = true

    init(spool: Spool, deadline: Deadline, limit: Int) {
        self.spool = spool
        self.deadline = deadline
        self.limit = limit
    }

    /// Appends what waits, as far as half of the time that is left allows.
    mutating func run(_ appender: inout EventAppender) throws(SQLiteError) {
        var files = spool.waiting()
        if files.isEmpty { return }
        // What a new ledger begins with.
        if appender.head.seq == 0 { files = files.filter(\.isLink) + files.filter { !$0.isLink } }
        let time = deadline.remainingMicroseconds
        for (index, file) in files.enumerated() {
            // At least one, or a tight budget would never empty it. What has to stay where it is
            // takes less than its share of the time and nobody's place.
            let taken = done.count + rejected.count
            let left = deadline.remainingMicroseconds
            if taken >= limit || index > 0 && left < (taken > 0 ? time / 2 : time / 4) {
                isComplete = false
                return
            }
            switch spool.read(file) {
            case .unavailable: break
            case .newer(let deployment): if let deployment { unheard.append(deployment) }
            case .unreadable: rejected.append(file)
            case .line(let line) where file.isLink && !Quarantine.isTrue(line):
                rejected.append(file)
            case .line(let line):
                // Any error but one of the environment is about this one event; the others must
                // not wait for it.
                switch try appender.offer(line) {
                case .appended:
                    count += 1
                    done.append(file)
                case .known: done.append(file)
                case .contradicted, .refused: rejected.append(file)
                }
            }
        }
    }

    /// Cleans up, once the transaction that contains the events is committed.
    func finish() {
        spool.remove(done)
        for file in rejected { spool.reject(file) }
    }
}
