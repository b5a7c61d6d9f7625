import Ledger
import TestSupport
import Testing

@testable import DeployCommand

@Suite struct EventPromiseTests {
    private let directory: TemporaryDirectory
    private let recorder: Recorder
    private let line = EventEnvelope(Event(.requested))
    private var path: String { directory.file("ledger.db") }

    init() throws {
        directory = try TemporaryDirectory()
        let settings = LedgerSettings(
            path: directory.file("ledger.db"), budgetMilliseconds: 20_000,
            spoolRoots: [directory.file("spool")])
        recorder = try Recorder(LedgerWriter(settings), log: nil)
    }

    private var isFree: Bool { Self.isThere(recorder.ledger.claim()) }
    private var getsFree: Bool { Self.isThere(recorder.ledger.claimWaiting()) }

    private static func isThere(_ claim: consuming LedgerClaim?) -> Bool {
        if let claim {
            _ = consume claim
            return true
        }
        return false
    }

    @Test func `events that come in time are recorded by the append that waits for them`() throws {
        let late = try #require(recorder.expectEvents { _ in })
        #expect(!isFree)
        #expect(late.provide(AppendBatch([line])))
        guard case .written(let head, _, _, _) = recorder.finish() else {
            Issue.record("not written")
            return
        }
        #expect(head.seq == 1)
        #expect(recorder.isComplete)
        // A program that another test starts has our descriptors for a moment.
        #expect(getsFree)
    }

    @Test func `nobody waits for events that do not come`() throws {
        let late = try #require(recorder.expectEvents { _ in })
        // Until it gives up, which it does by itself.
        #expect(getsFree)
        #expect(!late.provide(AppendBatch([line])))
        let result = recorder.record([line]) { _ in }
        #expect(result?.isDurable == true)
        #expect(try LedgerReader(path: path).head().seq == 1)
    }

    @Test func `nothing is opened while somebody else writes`() throws {
        guard let claim = recorder.ledger.claim() else {
            Issue.record("somebody else writes")
            return
        }
        #expect(recorder.expectEvents { _ in } == nil)
        _ = consume claim
    }
}
