internal import SQLite

/// What goes through the columns of a row.
protocol ColumnVisitor {
    mutating func column(_ name: StaticString, _ value: inout Int64?)
    mutating func column(_ name: StaticString, _ value: inout String?)
}

extension ColumnVisitor {
    fileprivate mutating func column(_ name: StaticString, _ value: inout Int64) {
        var found: Int64? = value
        column(name, &found)
        value = found ?? 0
    }

    fileprivate mutating func column(_ name: StaticString, _ value: inout Bool) {
        var found: Int64? = value ? 1 : 0
        column(name, &found)
        value = found == 1
    }

    fileprivate mutating func column(_ name: StaticString, _ value: inout Outcome?) {
        var text = value?.rawValue
        column(name, &text)
        value = text.flatMap { Outcome(rawValue: $0) }
    }

    fileprivate mutating func column(_ name: StaticString, _ value: inout EventID?) {
        var text = value?.description
        column(name, &text)
        value = text.flatMap { EventID($0) }
    }
}

extension Delivery {
    /// The last columns of a row.
    fileprivate mutating func visit<Visitor: ColumnVisitor>(_ visitor: inout Visitor) {
        visitor.column("cover_outcome", &coverOutcome)
        visitor.column("is_first_request", &isFirstRequest)
        visitor.column("delivered_at_us", &atUs)
        visitor.column("delivered_by", &by)
    }

    /// The values of its columns.
    var values: [Value] {
        var copy = self
        var values = ColumnValues()
        copy.visit(&values)
        return values.values
    }
}

extension DeploymentLife {
    /// Its columns.
    fileprivate mutating func visit<Visitor: ColumnVisitor>(_ visitor: inout Visitor) {
        visitor.column("command_us", &commandUs)
        visitor.column("health_us", &healthUs)
        visitor.column("rollback_us", &rollbackUs)
        visitor.column("frozen_us", &frozenUs)
        visitor.column("ended_with", &endedWith)
        visitor.column("health", &health)
        visitor.column("rollback", &rollback)
        visitor.column("overrode", &overrode)
        visitor.column("log_file", &logFile)
    }
}

extension DeploymentRow {
    /// What a deployment is; hardly ever changed once it has asked for the lock.
    ///
    /// In the order in which the statements in deployment-*.sql have them.
    mutating func visitIdentity<Visitor: ColumnVisitor>(_ visitor: inout Visitor) {
        var id: EventID? = id
        visitor.column("id", &id)
        self.id = id ?? .zero
        visitor.column("number", &number)
        visitor.column("lock", &lock)
        visitor.column("host", &host)
        visitor.column("boot", &boot)
        visitor.column("pid", &pid)
        visitor.column("pid_start", &pidStart)
        visitor.column("pid_ns", &pidNS)
        visitor.column("user", &user)
        visitor.column("actor", &actor)
        visitor.column("claimed_actor", &claimedActor)
        visitor.column("source", &source)
        visitor.column("tier", &tier)
        visitor.column("sha", &sha)
        visitor.column("ref", &ref)
        visitor.column("run_url", &runURL)
        visitor.column("batch_key", &batchKey)
        visitor.column("ahead", &ahead)
        visitor.column("requested_at_us", &requestedAtUs)
        visitor.column("requested_seq", &requestedSeq)
        visitor.column("is_imported", &isImported)
        visitor.column("run_event", &runEvent)
        visitor.column("workflow", &workflow)
        visitor.column("committed_at_us", &committedAtUs)
    }

    /// What becomes of it.
    mutating func visitProgress<Visitor: ColumnVisitor>(_ visitor: inout Visitor) {
        visitor.column("acquired_at_us", &acquiredAtUs)
        visitor.column("queue_left_at_us", &queueLeftAtUs)
        visitor.column("ended_at_us", &endedAtUs)
        visitor.column("wait_us", &waitUs)
        visitor.column("held_us", &heldUs)
        visitor.column("exit_code", &exitCode)
        visitor.column("signal", &signal)
        visitor.column("outcome", &outcome)
        visitor.column("reason", &reason)
        visitor.column("inferred", &isInferred)
        visitor.column("overran", &overran)
        visitor.column("wrapper_lost_at_us", &wrapperLostAtUs)
        visitor.column("covered_by", &coveredBy)
        visitor.column("covered_by_number", &coveredByNumber)
        visitor.column("last_seq", &lastSeq)
        life.visit(&visitor)
        delivery.visit(&visitor)
    }

    /// The values of the columns of its identity and of its progress.
    var identity: [Value] {
        var copy = self
        var values = ColumnValues()
        copy.visitIdentity(&values)
        return values.values
    }

    /// The same of its progress.
    var progress: [Value] {
        var copy = self
        var values = ColumnValues()
        copy.visitProgress(&values)
        return values.values
    }

    /// Reads the current row of a statement that selects `n` and then all columns in their order.
    init(_ statement: Statement) {
        self.init()
        n = statement.integer(at: 0) ?? 0
        var reader = ColumnReader(statement)
        visitIdentity(&reader)
        visitProgress(&reader)
    }

    /// The names of the columns in which two rows differ.
    func differences(from other: DeploymentRow) -> [String] {
        var copy = self
        var names = ColumnNames()
        copy.visitIdentity(&names)
        copy.visitProgress(&names)
        let pairs = zip(identity + progress, other.identity + other.progress)
        return (n == other.n ? [] : ["n"])
            + zip(names.names, pairs).filter { $0.1.0 != $0.1.1 }.map(\.0)
    }
}

private struct ColumnValues: ColumnVisitor {
    private(set) var values: [Value] = []

    init() { values.reserveCapacity(40) }

    mutating func column(_ name: StaticString, _ value: inout Int64?) {
        values.append(Value(value))
    }
    mutating func column(_ name: StaticString, _ value: inout String?) {
        values.append(Value(value))
    }
}

private struct ColumnReader: ColumnVisitor {
    private let statement: Statement
    private var index = 0

    init(_ statement: Statement) { self.statement = statement }

    mutating func column(_ name: StaticString, _ value: inout Int64?) {
        index += 1
        value = statement.integer(at: index)
    }

    mutating func column(_ name: StaticString, _ value: inout String?) {
        index += 1
        value = statement.text(at: index)
    }
}

private struct ColumnNames: ColumnVisitor {
    private(set) var names: [String] = []

    mutating func column(_ name: StaticString, _ value: inout Int64?) { names.append("\(name)") }
    mutating func column(_ name: StaticString, _ value: inout String?) { names.append("\(name)") }
}
