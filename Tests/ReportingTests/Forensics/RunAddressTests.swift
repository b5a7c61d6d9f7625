import Ledger
import Queries
import Reporting
import SQLite
import Testing

/// From the address of a CI run to its deployment.
@Suite("Forensics: by-run")
struct RunAddressTests {
    private typealias Facts = LedgerFixture.Facts

    /// Deployments #1, #2, … with these addresses.
    private static let addresses = [
        "https://github.com/o/r/actions/runs/506", "https://github.com/o/r/actions/runs/5061",
        "https://github.com/o/r/actions/runs/77/attempts/2",
        "https://github.com/o/q/actions/runs/506", "https://gitlab.example/g/p/-/jobs/506",
        "https://ci.example/job/deploy/12/", "https://ci.example/results?buildId=9",
    ]

    private static func ledger() throws -> LedgerFixture {
        let ledger = try LedgerFixture()
        for (place, address) in addresses.enumerated() {
            var facts = Facts(lock: "/a")
            facts.runURL = address
            try ledger.add(asked: Double(place * 10), wait: 0, held: 1, .exit(0), facts)
        }
        return ledger
    }

    @Test(
        arguments: [
            ("https://github.com/o/r/actions/runs/506", [1]),
            ("https://github.com/o/r/actions/runs/506/", [1]),
            ("https://github.com/o/r/actions/runs/506/job/99?pr=1", [1]),
            ("https://github.com/o/r/actions/runs/506#summary", [1]),
            ("https://github.com/o/r/actions/runs/50", []),
            ("https://github.com/o/r/actions/runs/77", [3]), ("runs/506", [1, 4]),
            ("…/runs/506", [1, 4]), (".../runs/506", [1, 4]), ("r/actions/runs/506", [1]),
            ("runs/5061", [2]), ("runs/50", []), ("unruns/506", []), ("jobs/506", [5]),
            ("506", [1, 4, 5]), ("deploy/12", [6]),
            ("https://ci.example/job/deploy/12", [6]), ("https://ci.example/job/deploy/12/", [6]),
            ("https://ci.example/results?buildId=9", [7]), ("runs/", []), ("", []), ("x", []),
        ] as [(String, [Int])]
    )
    func `a run is found by its whole address, by more of it and by its end`(
        url: String, numbers: [Int]
    ) throws {
        let ledger = try Self.ledger()
        #expect(
            try ledger.ask("by-run", ["url": .text(url)], show: "number")
                == numbers.map(String.init))
    }

    @Test func `show finds the deployment of a run, and prefers it to the imported run`() throws {
        let ledger = try Self.ledger()
        let start = LedgerFixture.instant(0).microseconds
        func run(_ id: Int64, _ repository: String) -> EventEnvelope {
            var run = ImportedRun(
                .init(host: "github.com", run: id, attempt: 1, createdAtUs: start),
                host: "github.com", endedAtUs: start + 1, ranUs: 1, outcome: .failed)
            run.runURL = "https://github.com/\(repository)/actions/runs/\(id)"
            return run.event()
        }
        try ledger.record([run(5061, "o/r"), run(888, "o/r")])
        let connection = try ledger.reader().connection
        func show(_ text: String, _ locks: [String] = []) throws -> [Int64?] {
            try DeploymentLookup(text, locks: locks, on: connection).matches.map(\.number)
        }
        #expect(try show("https://github.com/o/r/actions/runs/5061") == [2])
        #expect(try show("…/runs/5061") == [2])
        #expect(try show("…/runs/888") == [nil])
        #expect(try show("…/runs/506") == [1, 4])
        #expect(try show("…/runs/506", ["/b"]) == [])
        #expect(try show("5061") == [])
        #expect(
            try ledger.ask("by-run", ["url": "runs/5061"], show: "number what outcome")
                == ["- CI run failed", "2 deployment succeeded"])
    }
}
