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
    /// Whether the time was enough for all that could be read.
    private(set) var isComplete = true

    init(spool: Spool, deadline: Deadline, limit: Int) {
        self.spool = spool
        self.deadline = deadline
        self.limit = limit
    }

    /// Appends what waits, as far as half of the time that is left allows.
    mutating func run(_ appender: inout Appender) throws(SQLiteError) {
        let files = spool.waiting()
        if files.isEmpty { return }
        let stop = deadline.remainingMicroseconds / 2
        for (index, file) in files.enumerated() {
            // At least one, or a tight budget would never empty it.
            if index >= limit || index > 0 && deadline.remainingMicroseconds < stop {
                isComplete = false
                return
            }
            switch spool.read(file) {
            case .unavailable: break
            case .unreadable: rejected.append(file)
            case .line(let line):
                do throws(SQLiteError) {
                    switch try appender.append(line) {
                    case .appended:
                        count += 1
                        done.append(file)
                    case .known: done.append(file)
                    case .contradicted: rejected.append(file)
                    }
                } catch {
                    // The database refuses this one event; the others must not wait for it.
                    guard error.isConstraint else { throw error }
                    rejected.append(file)
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
