import SQLite
import TestSupport
import Testing

@testable import Ledger

/// What a rollback is told to go back to.
@Suite struct LastGoodTests {
    private let ledger: TestLedger

    init() throws { ledger = try TestLedger() }

    private func add(
        _ number: Int64, tier: String = "docker", namesCommit: Bool = true,
        _ outcome: Outcome = .succeeded,
        _ change: (inout Event) -> Void = { _ in }
    ) throws {
        let id = EventID.generate()
        var requested = TestLedger.requested(id, number: number)
        requested.tier = tier
        if namesCommit { (requested.sha, requested.ref) = ("sha\(number)", "main") }
        var released = TestLedger.released(id, number: number)
        released.outcome = outcome
        change(&released)
        let events = [requested, TestLedger.acquired(id, number: number), released]
        let result = ledger.writer.record(events.map { EventEnvelope($0) })
        try #require(result.seq != nil)
    }

    private func good(
        tier: String? = nil, host: String = "host", lock: String = "/tmp/a.lock"
    ) throws -> LastGood? {
        try LedgerReader(path: ledger.path).lastGood(host: host, lock: lock, tier: tier)
    }

    @Test func `the newest good one is neither a failure nor unhealthy nor rolled back`() throws {
        try add(1)
        try add(2) { $0.health = "healthy" }
        try add(3, .failed) {
            ($0.reason, $0.health, $0.rollback) = ("health", "unhealthy", "done")
        }
        try add(4, .orphaned) { $0.reason = "never checked" }
        try add(5, .failed) { ($0.exitCode, $0.rollback) = (3, "failed") }
        let found = try #require(try good())
        #expect(found.number == 2)
        #expect(found.sha == "sha2" && found.ref == "main" && found.tier == "docker")
        #expect(found.endedAtUs == 1_700_000_005_001_000)
    }

    @Test func `a word of success does not make one good whose check failed`() throws {
        try add(1)
        try add(2) { $0.health = "unhealthy" }
        try add(3) { $0.rollback = "done" }
        #expect(try good()?.number == 1)
    }

    @Test func `what names no commit takes the place of nothing that does`() throws {
        try add(1, namesCommit: false)
        try add(2, namesCommit: false)
        #expect(try good()?.number == 2)
        try add(3)
        try add(4, namesCommit: false)
        #expect(try good()?.number == 3)
        #expect(try good(tier: "docker")?.sha == "sha3")
        try add(5, tier: "lightning", namesCommit: false)
        #expect(try good(tier: "lightning")?.number == 5)
    }

    @Test func `the number decides, whatever the order of arrival`() throws {
        try add(7)
        try add(5)
        #expect(try good()?.number == 7)
    }

    @Test func `another tier, host or lock does not count`() throws {
        try add(1, tier: "docker")
        try add(2, tier: "lightning")
        #expect(try good()?.number == 2)
        #expect(try good(tier: "docker")?.number == 1)
        #expect(try good(tier: "other") == nil)
        #expect(try good(host: "elsewhere") == nil)
        #expect(try good(lock: "/tmp/b.lock") == nil)
    }

    @Test func `the index finds it`() throws {
        try add(1)
        let plan = try LedgerReader(path: ledger.path).connection
            .prepare("EXPLAIN QUERY PLAN " + EmbeddedStatements.lastGood.statementWithoutComments)
            .rows(.text("/tmp/a.lock"), .text("host"), .null)
        #expect(plan.compactMap { $0[3].text }.contains { $0.contains("deployment_by_number") })
        #expect(!plan.compactMap { $0[3].text }.contains { $0.contains("TEMP B-TREE") })
    }
}

extension String {
    fileprivate var statementWithoutComments: String {
        split(separator: "\n").filter { !$0.hasPrefix("--") }.joined(separator: "\n")
    }
}
