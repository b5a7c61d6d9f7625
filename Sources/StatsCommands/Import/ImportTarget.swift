import ArgumentParser
import CommandSupport
import GitHub
import Glibc
import Ledger
import SystemCalls
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
    /// What they are called.
    private let word: String

    private static let portion = 500
    private static let largestFile = 1 << 30

    init(_ settings: LedgerSettings, word: String = "run") {
        var patient = settings
        // Nobody waits for this as they wait for a deployment.
        patient.budgetMilliseconds = max(settings.budgetMilliseconds, 30_000)
        self.settings = patient
        self.word = word
    }

    /// All of a file, or of standard input for `-`.
    static func read(_ path: String) throws(ExitCode) -> [UInt8] {
        do {
            return try FileDescriptor.open(path == "-" ? "/dev/stdin" : path, O_RDONLY | O_NOCTTY)
                .readToEnd(limit: largestFile)
        } catch {
            let name = path == "-" ? "standard input" : path
            throw Failure.because("\(name) cannot be read: \(error)")
        }
    }

    /// Which of these the ledger has.
    ///
    /// What earlier versions imported has ids that were made of the run's address; it is known by the
    /// number of its run.
    func known(
        among identities: [ImportedRun.Identity]
    ) throws -> Set<ImportedRun.Identity> {
        // What is missing or old is made or brought up to date by the first append.
        guard let reader = try? LedgerReader(path: settings.path) else { return [] }
        return try Failure.wrap {
            var found: Set<ImportedRun.Identity> = []
            for identity in identities {
                if try reader.outcome(of: identity.deployment).isKnown
                    || reader.runs(besides: identity).contains(where: { run in
                        RunAddress(run.url).map {
                            identity
                                == .init(
                                    host: $0.host, run: $0.run, attempt: run.attempt,
                                    createdAtUs: identity.atUs)
                        } ?? false
                    })
                {
                    found.insert(identity)
                }
            }
            return found
        }
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
        progress.update("importing: \(new) new \(word)s, \(known) known already")
    }

    /// Takes what was shown of the progress away.
    func clearProgress() { progress.clear() }

    /// What came of it, in one line.
    var summary: String {
        var parts = [PluralText.text(added, word) + " imported"]
        if known > 0 { parts.append("\(known) known already") }
        if pending > 0 { parts.append("\(pending) not ended yet") }
        for (reason, count) in leftOut.sorted(by: { $0.key < $1.key }) {
            let word = reason.escapedForTerminal.shortened(toColumns: 40)
            parts.append("\(count) left out (\(word))")
        }
        return parts.joined(separator: ", ")
    }
}
