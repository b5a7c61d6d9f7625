import SystemCalls
import TestSupport
import Testing

extension Fixture {
    /// Starts a waiter that steps aside for newer ones and notes its name when it runs.
    func queue(_ name: String, _ options: [String] = []) throws -> ChildProcess {
        try join(Self.batch + options + ["--sha", name], "echo \(name) >> $HERE/ran")
    }

    /// The same, and it runs until `letGo`.
    func queueHolding(_ name: String, _ options: [String] = []) throws -> ChildProcess {
        try join(
            options,
            // Its wrapper may be killed; it then ends with the test.
            ": > $HERE/\(name).up; while [ -d $HERE ] && [ ! -e $HERE/\(name).go ]; do sleep 0.01; done"
        )
    }

    /// Starts a deployment and sees to it that it has its ticket.
    func join(_ options: [String], _ script: String) throws -> ChildProcess {
        let before = Set(tickets)
        let child = try start(options + ["sh", "-c", script])
        // Of those that were there one may go meanwhile.
        try #require(eventually { !before.isSuperset(of: tickets) }, "\(child.errors)")
        return child
    }

    static let batch = ["--yield-to-newer", "--ref", "main"]

    /// Number, outcome and what covers it, by number.
    func coverage() throws -> [String] {
        try settle()
        return try query(
            """
            SELECT number || ' ' || coalesce(outcome, 'in flight')
                || coalesce(' ' || covered_by_number, '')
            FROM deployment ORDER BY number
            """)
    }
}
