internal import Glibc
internal import SQLite
internal import SystemCalls

/// The part of a sweep that gives dead deployments their outcome.
struct SweepCloser {
    private let sweep: Sweep
    private let lastAlive: [LastAlive]
    private let connection: Connection

    init(_ connection: Connection, _ sweep: Sweep, _ lastAlive: [LastAlive]) {
        self.connection = connection
        self.sweep = sweep
        self.lastAlive = lastAlive
    }

    /// The deployments in flight whose process is dead, as far as the ledger knows now.
    static func candidates(
        _ sweep: Sweep, _ connection: Connection
    ) throws(SQLiteError) -> [SweepCandidate] {
        try connection.prepare(EmbeddedStatements.inFlight)
            .rows(.text(sweep.host), .text(sweep.lock))
            .compactMap(SweepCandidate.init(row:))
            .filter { sweep.isDead($0) }
    }

    /// Closes those that still have no outcome; some may be named twice.
    func close(
        _ dead: [EventID], _ appender: inout EventAppender
    ) throws(SQLiteError) -> [SweptDeployment] {
        var swept: [SweptDeployment] = []
        // Nearly always there are none, and compiling a statement takes longer than running it.
        if dead.isEmpty { return swept }
        let find = try connection.prepare(EmbeddedStatements.stillInFlight)
        for id in Set(dead).sorted() {
            guard let row = try find.rows(.text(id.description)).first else { continue }
            let requested = row[1].integer
            let acquired = row[2].integer
            let newest = row[3].integer ?? Clock.wallMicroseconds()
            let lastAlive = lastAlive.first { $0.deployment == id }?.atUs ?? newest
            var event = Event(acquired == nil ? .cancelled : .orphaned)
            event.deployment = id
            event.number = row[0].integer
            event.lock = sweep.lock
            event.user = User.name(of: User.effectiveID)
            event.pid = Int64(getpid())
            event.outcome = acquired == nil ? .cancelled : .orphaned
            event.reason = "died"
            event.lastAliveUs = lastAlive
            event.recordedBy = sweep.recordedBy
            if let acquired {
                event.heldUs = max(0, lastAlive - acquired)
            } else if let requested {
                event.waitUs = max(0, lastAlive - requested)
            }
            _ = try appender.append(EventEnvelope(event))
            swept.append(
                SweptDeployment(
                    deployment: id, number: event.number,
                    outcome: acquired == nil ? .cancelled : .orphaned, lastAliveUs: lastAlive))
        }
        return swept
    }
}

extension SweepCandidate {
    /// Id, number, pid, its start, boot and pid namespace, in this order.
    init?(row: [Value]) {
        guard let id = row[0].text.flatMap({ EventID($0) }), let pid = row[2].integer else {
            return nil
        }
        self.init(
            deployment: id, number: row[1].integer, pid: pid, pidStart: row[3].integer,
            boot: row[4].text, pidNamespace: row[5].integer)
    }
}
