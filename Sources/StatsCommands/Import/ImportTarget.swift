import CommandSupport
import Ledger
import Wording

/// The ledger that runs are imported into, some hundreds in one commit.
final class ImportTarget {
    private let settings: LedgerSettings
    private var waiting: [EventEnvelope] = []
    private var progress = ProgressLine()
    /// How many runs were new.
    private(set) var added = 0
    /// How many the ledger had.
    private(set) var known = 0
    /// How many go on.
    var pending = 0
    /// How many are no deployments, by what they are.
    var leftOut: [String: Int] = [:]

    private static let portion = 500

    init(_ settings: LedgerSettings) {
        var patient = settings
        // Nobody waits for this as they wait for a deployment.
        patient.budgetMilliseconds = max(settings.budgetMilliseconds, 30_000)
        self.settings = patient
    }

    /// Which of these deployments the ledger has.
    func known(among ids: [EventID]) throws -> Set<EventID> {
        // What is missing or old is made or brought up to date by the first append.
        guard let reader = try? LedgerReader(path: settings.path) else { return [] }
        return Set(try ids.filter { id in try Failure.wrap { try reader.outcome(of: id).isKnown } })
    }

    /// Notes that the ledger has a run.
    func skipKnown() {
        known += 1
        tell()
    }

    /// Takes one run.
    func add(_ run: ImportedRun) throws {
        waiting.append(run.event())
        tell()
        if waiting.count >= Self.portion { try flush() }
    }

    /// Writes what was taken.
    func flush() throws {
        if waiting.isEmpty { return }
        let result = LedgerWriter(settings).record(waiting)
        guard case .written = result else {
            let words = result.words
            throw Failure.because(
                (words.first ?? "the ledger could not be written")
                    + "; then run the import again, it goes on where it stopped",
                further: Array(words.dropFirst()))
        }
        for words in result.words { Terminal.complain("deploystats: \(words)") }
        added += waiting.count
        waiting.removeAll(keepingCapacity: true)
    }

    private func tell() {
        let new = added + waiting.count
        progress.update("importing: \(new) new runs, \(known) known already")
    }

    /// Takes what was shown of the progress away.
    func clearProgress() { progress.clear() }

    /// What came of it, in one line.
    var summary: String {
        var parts = [PluralText.text(added, "run") + " imported"]
        if known > 0 { parts.append("\(known) known already") }
        if pending > 0 { parts.append("\(pending) not ended yet") }
        for (reason, count) in leftOut.sorted(by: { $0.key < $1.key }) {
            let word = reason.escapedForTerminal.shortened(toColumns: 40)
            parts.append("\(count) left out (\(word))")
        }
        return parts.joined(separator: ", ")
    }
}
