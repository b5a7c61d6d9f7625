import Ledger
import Queries
import Reporting
import SQLite
import Testing

/// Filters that match nothing, everybody the report counts, and the order of the list.
@Suite("Selecting deployments")
struct FilterNotesTests {
    private typealias Facts = LedgerFixture.Facts

    private func filter(_ change: (inout ReportFilter) -> Void) -> ReportFilter {
        var filter = ReportFilter()
        change(&filter)
        return filter
    }

    @Test func `a filter that matches nothing says so, and what there is`() throws {
        let ledger = try LedgerFixture()
        for tier in ["docker", "docker", "lightning"] {
            try ledger.add(
                asked: 0, wait: 0, held: 1, .exit(0),
                Facts(lock: "/a", tier: tier, actor: "ann", sha: "abc123", ref: "refs/heads/main"))
        }
        let connection = try ledger.reader().connection
        func notes(_ change: (inout ReportFilter) -> Void) throws -> [String] {
            try filter(change).notes(connection)
        }
        #expect(
            try notes { $0.tiers = ["dockr"] }
                == ["the ledger has no deployment of tier 'dockr'; it has docker, lightning"])
        #expect(try notes { $0.tiers = ["dockr", "docker"] }.count == 1)
        #expect(try notes { $0.tiers = ["docker"] } == [])
        #expect(
            try notes { $0.actors = ["bob"] }
                == ["the ledger has no deployment of 'bob'; it has ann"])
        #expect(
            try notes { $0.sources = ["gha"] }
                == ["the ledger has no deployment from source 'gha'; it has ssh"])
        #expect(
            try notes { $0.outcomes = ["failed"] }
                == ["the ledger has no deployment with outcome 'failed'; it has succeeded"])
        #expect(
            try notes { $0.locks = ["/b"] }
                == ["the ledger has no deployment under lock '/b'; it has /a"])
        // One of the names a lock has is enough.
        #expect(try notes { $0.locks = ["/b", "/a"] } == [])
        #expect(
            try notes { $0.branches = ["next"] }
                == ["the ledger has no deployment of branch 'next'; it has refs/heads/main"])
        #expect(try notes { $0.branches = ["main"] } == [])
        #expect(
            try notes { $0.shas = ["fff"] } == ["the ledger has no deployment of commit 'fff'"])
        #expect(try notes { $0.shas = ["abc"] } == [])
        #expect(try notes { _ in } == [])
    }

    @Test func `everybody the report counts can be selected, by the name it has there`() throws {
        let ledger = try LedgerFixture()
        func ask(_ actor: String?, claimed: String? = nil) throws {
            let id = EventID.generate()
            try ledger.tell(.requested, id, nil, at: 0) { event in
                event.actor = actor
                event.claimedActor = claimed
            }
            try ledger.tell(.released, id, nil, at: 5) { event in
                event.outcome = .failed
                event.heldUs = 5
            }
        }
        // Nobody is named, so the user of the fixture counts: deploy.
        try ask(nil)
        try ask("ann")
        try ask("ann", claimed: "bob")
        let connection = try ledger.reader().connection
        let window: [String: Value] = ["since": LedgerFixture.at(0), "until": LedgerFixture.at(10)]
        func people(_ filter: ReportFilter) throws -> [String: Int64] {
            let rows = try QueryRun(
                .named("report-people"), on: connection, window.merging(filter.parameters) { $1 }
            ).rest()
            return Dictionary(
                rows.map { ($0.text("person") ?? "-", $0.count("n")) }, uniquingKeysWith: +)
        }
        let all = try people(ReportFilter())
        #expect(all == ["deploy": 1, "ann": 1, "bob via ann": 1])
        for (person, n) in all {
            let selected = filter { $0.actors = [person] }
            #expect(try people(selected)[person] == n)
            #expect(try selected.notes(connection) == [])
            let list = try DeploymentList(
                connection,
                window: PartialWindow(
                    since: nil, until: nil, zone: .utc, now: LedgerFixture.instant(0)),
                filter: selected, limit: nil)
            #expect(list.table.rows.count >= n)
        }
    }

    @Test func `the list is in the order of asking, whatever arrived when, and goes on with until`()
        throws
    {
        let ledger = try LedgerFixture()
        // Three of today, then twenty older ones arrive.
        for at in [5000.0, 5010, 5020] { try ledger.add(asked: at, wait: 0, held: 1, .exit(0)) }
        for at in 0..<20 { try ledger.add(asked: Double(at), wait: 0, held: 1, .exit(1)) }
        let connection = try ledger.reader().connection
        func page(_ until: Instant?, _ limit: Int64?) throws -> (asked: [Int64], oldest: Instant?) {
            let list = try DeploymentList(
                connection,
                window: PartialWindow(
                    since: nil, until: until?.rfc3339, zone: .utc, now: LedgerFixture.instant(6000)),
                filter: ReportFilter(), limit: limit)
            let column = try #require(
                list.table.columns.firstIndex { $0.key == "requested_at" })
            let asked = list.table.rows.compactMap { row -> Int64? in
                if case .time(let at) = row[column] {
                    (at.microseconds - LedgerFixture.start) / 1_000_000
                } else {
                    nil
                }
            }
            return (asked, list.oldest)
        }
        let all = try page(nil, nil)
        #expect(all.asked == [5020, 5010, 5000] + (0..<20).reversed().map(Int64.init))
        #expect(all.oldest == nil)
        var seen: [Int64] = []
        var next: Instant?
        repeat {
            let part = try page(next, 7)
            seen += part.asked
            next = part.oldest
        } while next != nil
        #expect(seen == all.asked)
        // Without a window the newest are at hand.
        let plan = try connection.prepare(
            "EXPLAIN QUERY PLAN " + NamedQuery.named("deployments").sql
        ).rows().compactMap { $0[3].text }
        #expect(plan.contains { $0.contains("USING INDEX deployment_newest (<expr><?)") })
        #expect(!plan.contains { $0.hasPrefix("SCAN deployment USING INDEX deployment_newest") })
    }
}
