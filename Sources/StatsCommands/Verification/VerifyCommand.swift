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

    @OptionGroup(title: "Output")
    var output: OutputOptions

    @OptionGroup(title: "Ledger")
    var ledger: LedgerOptions

    private static let damaged = ExitCode(ExitCodes.Stats.damaged)

    func validate() throws {
        if let head, Head(head) == nil {
            throw ValidationError(
                "'\(head)' is not a head; write it as the tools print it: SEQ:HASH, the hash with 64 "
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
            return try LedgerVerifier(settings).verify(expecting: head.flatMap { Head($0) }) {
                line.update("verifying: \($0) of \($1) events, \($0 * 100 / max(1, $1)) %")
            }
        } catch {
            guard case .corrupt = error else { throw Failure.because("\(error)") }
            throw Failure.because("\(error)", code: Self.damaged)
        }
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
            ("waiting_in_spool", .integer(Int64(report.waiting))),
            ("set_aside_in_spool", .integer(Int64(report.setAside))),
            ("problems", .array(table(report).objects)), ("truncated", .bool(report.isCutShort)),
        ])
    }

    private func text(_ report: VerificationReport, _ settings: LedgerSettings) -> String {
        var lines: [String] = []
        let count = Counted.text(report.events, "event")
        if report.isWhole {
            let verdict = output.style.verdict("INTACT", isGood: true)
            lines.append("\(verdict)  \(count) verified")
        } else {
            let more = report.isCutShort ? "more than " : ""
            let problems = Counted.text(report.problems.count, "problem")
            lines.append(
                output.style.verdict("DAMAGED", isGood: false) + "  \(count), \(more)\(problems):")
            lines += report.problems.map { "  \($0.description.escapedForTerminal)" }
        }
        lines.append("Ledger: \(settings.path.escapedForTerminal)")
        lines.append("Head:   \(report.head)")
        if let head {
            if report.isWhole { lines.append("        \(head) is in the chain") }
        } else {
            lines.append(
                "        Without --head this cannot detect a rewrite of the whole chain or a "
                    + "truncated end:")
            lines.append(
                "        keep the head elsewhere, and compare with one that is kept there.")
        }
        if report.waiting > 0 {
            let waiting = Counted.text(report.waiting, "event waits", "events wait")
            lines.append("Spool:  \(waiting) for the next deployment, in no chain yet")
        }
        if report.setAside > 0 {
            let files = Counted.text(report.setAside, "file was", "files were")
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
            let events = Counted.text(report.events, "event")
            return "**\(verdict)**, \(events), head `\(report.head)`\n"
                + (report.isWhole ? "" : "\n" + renderer.render(table))
        }
    }
}
