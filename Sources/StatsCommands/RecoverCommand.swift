import ArgumentParser
import CommandSupport
import Ledger
import SystemCalls
import Wording

/// `deploystats recover`.
struct RecoverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Bring back the events of a ledger that was damaged and set aside.",
        discussion: """
            Reads the damaged file, which stays as it is, takes every event that can be read and \
            verified to the present ledger, once however often it is run, and says which events \
            could not be brought back. Recovered events keep their ids and times; in the ledger \
            they stand behind those that were written since.

            EXIT CODES
              0    settled, or nothing to settle
              1    nothing could be brought back; nothing is settled
              64   usage error
            """)

    @Argument(
        help: "The file that was set aside. (default: those the ledger names)",
        completion: .file())
    var file: String?

    @Option(
        help: ArgumentHelp(
            "Settle it without bringing anything back; the reason is recorded.",
            valueName: "reason"))
    var dismiss: String?

    @OptionGroup(title: "Ledger")
    var ledger: LedgerOptions

    func validate() throws {
        if dismiss?.allSatisfy(\.isWhitespace) == true {
            throw ValidationError("--dismiss requires a reason; it is recorded")
        }
    }

    func run() throws {
        let settings = try ledger.settings()
        let open = try Failure.wrap {
            try LedgerOptions.open(settings).interruptions()
        }
        var chosen = open
        if let file {
            let path = FileSystem.resolved(file) ?? file
            chosen = open.filter { $0.file == path }
            if chosen.isEmpty {
                throw Failure.because(
                    "\(file) is not one that \(settings.path) was begun anew after; "
                        + (open.isEmpty ? "nothing is to be settled" : "open: \(Self.names(open))"))
            }
        }
        if chosen.isEmpty {
            return try Output.print(
                "Nothing to recover: the ledger was never begun anew, or that "
                    + "is settled.\n")
        }
        let writer = LedgerWriter(settings)
        for interruption in chosen {
            if let dismiss {
                try settle(interruption, .dismissed, dismiss, writer)
                try Output.print("dismissed: \(interruption.file ?? "the ledger that was gone")\n")
            } else {
                try recover(interruption, writer)
            }
        }
    }

    private static func names(_ open: [LedgerInterruption]) -> String {
        open.map { $0.file ?? "one whose file was gone" }.joined(separator: ", ")
    }

    private func recover(_ interruption: LedgerInterruption, _ writer: LedgerWriter) throws {
        guard let path = interruption.file else {
            throw Failure.because(
                "the file of the ledger before was gone, so there is nothing to read; settle it "
                    + "with --dismiss REASON")
        }
        guard FileSystem.exists(path) else {
            throw Failure.because(
                "\(path) is not there; put it back, or settle it with --dismiss REASON")
        }
        let last = interruption.head?.split(separator: ":").first.flatMap { Int64($0) }
        var (added, known) = (0, 0)
        let report = try Failure.wrap {
            try LedgerSalvage(path: path).run(upTo: last) { lines in
                var rest = lines[...]
                while !rest.isEmpty {
                    let result = try writer.append(bulk: rest)
                    added += result.appended
                    known += result.known
                    // One the ledger refuses has been told otherwise since.
                    rest = rest.dropFirst(result.count + (result.problem == nil ? 0 : 1))
                }
            }
        }
        guard report.verified > 0 else {
            throw Failure.because(
                "nothing of \(path) could be read; keep it for an expert, and settle it with "
                    + "--dismiss REASON")
        }
        let words =
            "\(Counted.text(added, "event")) brought back, \(known) known already"
            + Self.missing(report)
        try settle(interruption, .recovered, words, writer)
        try Output.print("\(path): \(words)\n")
    }

    /// `; not brought back: 3–7 (unreadable), 8 (cannot be verified)`.
    private static func missing(_ report: LedgerSalvage.Report) -> String {
        let lost = report.unreadable.map {
            ($0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)")
                + " (unreadable)"
        }
        let doubtful = report.unverified.map { "\($0) (cannot be verified)" }
        let all = lost + doubtful
        if all.isEmpty { return "" }
        let more = all.count > 20 ? " and \(all.count - 20) more" : ""
        return "; not brought back: " + all.prefix(20).joined(separator: ", ") + more
    }

    private func settle(
        _ interruption: LedgerInterruption, _ how: LedgerInterruption.Settlement, _ reason: String,
        _ writer: LedgerWriter
    ) throws {
        let event = Event.settlement(how, of: interruption.file, reason: reason)
        _ = try Failure.wrap { try writer.append(bulk: [EventLine(event)]) }
    }
}
