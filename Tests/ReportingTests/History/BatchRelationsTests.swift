import Ledger
import Queries
import Reporting
import SQLite
import Testing

@Suite("What a deployment stepped aside for")
struct BatchRelationsTests {
    private let ledger: LedgerFixture

    init() throws { ledger = try LedgerFixture() }

    private func event(_ kind: EventKind, _ id: EventID, _ number: Int64) -> Event {
        var event = Event(kind, atUs: LedgerFixture.start + number, monoUs: number, host: "build1")
        event.deployment = id
        event.number = number
        event.lock = "/tmp/a.lock"
        if kind == .requested {
            event.batchKey = "web"
            event.sha = "abc\(number)"
        }
        return event
    }

    /// A deployment that stepped aside.
    @discardableResult
    private func superseded(
        _ number: Int64, by covering: EventID, _ coveringNumber: Int64, id: EventID = .generate()
    ) throws -> EventID {
        var last = event(.superseded, id, number)
        last.outcome = .superseded
        last.coveredBy = covering
        last.coveredByNumber = coveringNumber
        try ledger.record([EventEnvelope(event(.requested, id, number)), EventEnvelope(last)])
        return id
    }

    private func ended(_ number: Int64, _ id: EventID, _ change: (inout Event) -> Void) throws {
        var last = event(.released, id, number)
        change(&last)
        try ledger.record([EventEnvelope(event(.requested, id, number)), EventEnvelope(last)])
    }

    private func text(_ number: Int64) throws -> String {
        let connection = try ledger.reader().connection
        let match = try #require(
            DeploymentLookup("\(number)", locks: [], on: connection).matches.first)
        return StoryText(zone: .utc).render(try DeploymentStory(match, on: connection))
    }

    @Test(
        arguments: [
            (.succeeded, nil, "Delivered by #2, which covers it: it succeeded."),
            (.failed, nil, "Not delivered: #2, which covers it, failed."),
            (.orphaned, "died", "Not delivered: #2, which covers it, died while it ran."),
            (.timedOut, "timeout", "Not delivered: #2, which covers it, gave up waiting."),
            (
                .cancelled, "signal TERM",
                "Not delivered: #2, which covers it, was cancelled (signal TERM)."
            ),
            (
                .forceUnlocked, "stuck",
                "Not delivered: #2, which covers it, was unlocked by force (stuck)."
            ),
        ] as [(Outcome, String?, String)]
    )
    func `a covered deployment was delivered as the covering one ended`(
        outcome: Outcome, reason: String?, sentence: String
    ) throws {
        let covering = EventID.generate()
        try superseded(1, by: covering, 2)
        try ended(2, covering) {
            $0.outcome = outcome
            $0.reason = reason
        }
        #expect(try text(1).hasSuffix("\n\n\(sentence)\n"))
        let fate = outcome == .succeeded ? "delivered with it" : "not delivered by it"
        #expect(try text(2).hasSuffix("\n\nCovers #1 (commit abc1): \(fate).\n"))
    }

    @Test func `a covering deployment that the ledger does not have leaves it unknown`() throws {
        try superseded(1, by: .generate(), 2)
        #expect(
            try text(1).hasSuffix(
                "Whether it was delivered is unknown: the ledger does not say what became of #2, "
                    + "which covers it.\n"))
    }

    @Test func `a chain that leads back to itself ends`() throws {
        let (first, second) = (EventID.generate(), EventID.generate())
        try superseded(1, by: second, 2, id: first)
        try superseded(2, by: first, 1, id: second)
        #expect(try text(1).contains("Whether it was delivered is unknown"))
        #expect(try text(2).contains("Whether it was delivered is unknown"))
    }

    @Test func `a later success of the batch is named, no other batch's and no earlier one`() throws
    {
        let covering = EventID.generate()
        try superseded(2, by: covering, 3)
        try ended(3, covering) { $0.outcome = .failed }
        try ended(1, .generate()) { $0.outcome = .succeeded }
        try ledger.add(asked: 1, wait: 0, held: 1, .exit(0))
        #expect(try !text(2).contains("Of the same batch"))
        try ended(5, .generate()) { $0.outcome = .succeeded }
        #expect(
            try text(2).hasSuffix(
                "\nOf the same batch #5, which asked later, succeeded with commit abc5.\n"))
    }
}
