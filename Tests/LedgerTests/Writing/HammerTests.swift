import Glibc
import Ledger
import SQLite
import SystemCalls
import TestSupport
import Testing

/// Many processes at one ledger.
@Suite struct HammerTests {
    let ledger: TestLedger

    init() throws {
        ledger = try TestLedger()
        try ledger.makeDirectory()
    }

    private func hammer(_ count: Int, budget: Int) throws -> ChildProcess {
        try ChildProcess([
            BuiltTool.path("ledger-hammer"), "append", ledger.path, ledger.spool, "\(count)",
            "\(budget)",
        ])
    }

    private func ids(in output: String) -> [String] {
        // A line that a kill cut short was not acknowledged.
        output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    /// Drains what is left, then gives the ids of all events.
    private func idsInLedger() throws -> [String] {
        while try FileSystem.exists(ledger.spool)
            && FileSystem.entries(of: ledger.spool).contains(where: { $0.hasSuffix(".event") })
        {
            let result = ledger.writer.record([])
            guard result.seq != nil else {
                Issue.record("not drained: \(result)")
                return []
            }
        }
        let report = try LedgerVerifier(ledger.settings).verify()
        #expect(report.problems == [])
        return try LedgerReader(path: ledger.path).connection.prepare("SELECT id FROM event").rows()
            .compactMap { $0[0].text }
    }

    @Test func `8 processes append 200 times each: no hole, no fork, nothing lost or doubled`()
        throws
    {
        let workers = try (0..<8).map { _ in try hammer(200, budget: 60_000) }
        var acknowledged: [String] = []
        for worker in workers {
            let result = try worker.finish()
            #expect(result.code == 0, "\(result.errors)")
            acknowledged += ids(in: result.output)
        }
        #expect(acknowledged.count == 3200)
        #expect(try idsInLedger().sorted() == acknowledged.sorted())
    }

    @Test
    func `whatever is killed, no acknowledged event is lost and no id is there twice`()
        throws
    {
        var workers = try (0..<6).map { _ in try hammer(1_000_000, budget: 500) }
        var acknowledged: [String] = []
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<60 {
            usleep(.random(in: 1000...40_000, using: &generator))
            let index = Int.random(in: workers.indices, using: &generator)
            workers[index].kill(SIGKILL)
            acknowledged += ids(in: try workers[index].finish().output)
            workers[index] = try hammer(1_000_000, budget: 500)
        }
        for worker in workers {
            worker.kill(SIGKILL)
            acknowledged += ids(in: try worker.finish().output)
        }
        let stored = try idsInLedger()
        #expect(Set(stored).count == stored.count)
        #expect(Set(acknowledged).subtracting(stored) == [])
        #expect(acknowledged.count > 0)
    }
}
