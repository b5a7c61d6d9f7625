import ArgumentParser
import CommandSupport
import JSON
import Ledger
import Queries
import Wording

/// `deploystats verify`.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify that the ledger has not been altered.",
        discussion: """
            Checks every hash, every detail, the order, the schema and its guards, the table of \
            deployments against a replay of the events, SQLite's pages and indexes, and the \
            write-ahead log.

            --since-head with a head that is known to be good checks only what came after it, in \
            the time that this takes: hashes, details, order, the rows and summaries of the \
            deployments that the new events are about, the schema and its guards. Such a deployment \
            may have begun before that head: its earlier events are read, but not verified. Edits \
            before that head, rows of other deployments, pages and indexes are not checked.

            Someone who can write the ledger and recomputes all hashes after an edit, or truncates \
            the chain, leaves one that is consistent in itself. Only --head with a head noted \
            earlier and kept elsewhere detects that. Every deployment prints one, so CI logs \
            contain them; or have another host ask for one regularly:

              ssh server deploystats verify --format json | jq -r .head >> heads
              ssh server deploystats verify --head "$(tail -n 1 heads)"

            EXIT CODES
              0    intact
              1    could not be checked: missing, unreadable, of another version
              2    damaged or altered, or started over after another ledger
                   without 'deploystats recover' having settled that
              64   usage error
            """)

    @Option(
        help: ArgumentHelp(
            "A head noted earlier that must still be in the chain.", valueName: "seq:hash"))
    var head: String?

    @Option(
        help: ArgumentHelp(
            "Check only what came after a head that is known to be good.", valueName: "seq:hash"))
    var sinceHead: String?

    @OptionGroup(title: "Output")
    var output: OutputOptions

    @OptionGroup(title: "Ledger")
    var ledger: LedgerOptions

    private static let damaged = ExitCode(ExitCodes.Stats.damaged)

    func validate() throws {
        for text in [head, sinceHead] {
            guard let text, Head(text) == nil else { continue }
            throw ValidationError(
                "'\(text)' is not a head; write it as the tools print it: SEQ:HASH, the hash with 64 "
                    + "hexadecimal digits")
        }
    }

    func run() throws {
        let settings = try ledger.settings()
        let report = try verify(settings)
        try output.print(Verdict(command: self, report: report, settings: settings))
        if !report.isWhole { throw Self.damaged }
    }

    private func verify(_ settings: LedgerSettings) throws -> VerificationReport {
        var line = ProgressLine()
        defer { line.clear() }
        do throws(LedgerError) {
            let verifier = LedgerVerifier(settings)
            let expected = head.flatMap { Head($0) }
            let tell = { (step: LedgerVerifier.Step) in line.update(step.words) }
            guard let good = sinceHead.flatMap({ Head($0) }) else {
                return try verifier.verify(expecting: expected, progress: tell)
            }
            return try verifier.verify(since: good, expecting: expected, progress: tell)
        } catch {
            guard case .corrupt = error else { throw Failure.because("\(error)") }
            throw Failure.because("\(error)", code: Self.damaged)
        }
    }

    /// Such as `3 events after event 12`.
    private func checked(_ report: VerificationReport) -> String {
        PluralText.text(report.events, "event")
            + (report.since.map { " after event \($0.seq)" } ?? "")
    }

    private func table(_ report: VerificationReport) -> Table {
        Table(
            columns: [.init("seq", title: "EVENT"), .init("what", title: "PROBLEM")],
            rows: report.problems.map { problem in
                [problem.seq.map { .integer($0) } ?? .none, .text(problem.what)]
            })
    }

    private func json(_ report: VerificationReport, _ settings: LedgerSettings) -> JSONValue {
        .object([
            ("whole", .bool(report.isWhole)), ("ledger", .string(settings.path)),
            ("events", .integer(Int64(report.events))),
            ("head", .string(report.head.description)), ("expected_head", .optional(head)),
            ("since_head", .optional(sinceHead)),
            ("waiting_in_spool", .integer(Int64(report.waiting))),
            ("set_aside_in_spool", .integer(Int64(report.setAside))),
            ("problems", .array(table(report).objects)), ("truncated", .bool(report.isCutShort)),
        ])
    }

    private func text(_ report: VerificationReport, _ settings: LedgerSettings) -> String {
        var lines: [String] = []
        let count = checked(report)
        if report.isWhole {
            let verdict = output.style.verdict("INTACT", isGood: true)
            lines.append("\(verdict)  \(count) verified")
        } else {
            let more = report.isCutShort ? "more than " : ""
            let problems = PluralText.text(report.problems.count, "problem")
            lines.append(
                output.style.verdict("DAMAGED", isGood: false) + "  \(count), \(more)\(problems):")
            lines += report.problems.map { "  \($0.description.escapedForTerminal)" }
        }
        lines.append("Ledger: \(settings.path.escapedForTerminal)")
        lines.append("Head:   \(report.head)")
        if let head, report.isWhole { lines.append("        \(head) is in the chain") }
        if let sinceHead {
            lines += [
                "        Taken as good: \(sinceHead)",
                "        Not checked: events up to there, rows of deployments without a newer event, "
                    + "pages and indexes",
            ]
        } else if head == nil {
            lines += [
                "        Without --head this cannot detect a rewrite of the whole chain or a "
                    + "truncated end:",
                "        keep the head elsewhere, and compare with one that is kept there.",
            ]
        }
        if report.waiting > 0 {
            let waiting = PluralText.text(report.waiting, "event waits", "events wait")
            lines.append("Spool:  \(waiting) for the next deployment, in no chain yet")
        }
        if report.setAside > 0 {
            let files = PluralText.text(report.setAside, "file was", "files were")
            lines.append("Spool:  \(files) not understood and set aside")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What was found, as each format takes it.
    private struct Verdict: Printable {
        let command: VerifyCommand
        let report: VerificationReport
        let settings: LedgerSettings

        var json: JSONValue { command.json(report, settings) }
        var table: Table { command.table(report) }

        func text(_ renderer: TextRenderer) -> String { command.text(report, settings) }

        func markdown(_ renderer: MarkdownRenderer) -> String {
            let verdict = report.isWhole ? "INTACT" : "DAMAGED"
            return "**\(verdict)**, \(command.checked(report)), head `\(report.head)`\n"
                + (report.isWhole ? "" : "\n" + renderer.render(table))
        }
    }
}

extension LedgerVerifier.Step {
    /// What is being done, for a terminal.
    var words: String {
        switch self {
        case .events(let done, let all):
            "verifying: \(done) of \(all) events, \(done * 100 / max(1, all)) %"
        case .file: "verifying: pages and indexes"
        }
    }
}
