import ArgumentParser
import CommandSupport
import Ledger
import SystemCalls
import Wording

/// `deploystats recover`.
struct RecoverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Recover the events of a ledger that was damaged and set aside.",
        discussion: """
            A damaged ledger is set aside under a new name, and the next one begins with a link to \
            it. Until that is settled, 'verify' and 'alerts' report it, and so does every report \
            of a time before.

            Reads the damaged file page by page, the log beside it included, and appends every \
            event that the chain of hashes proves to be as it was written, once however often it \
            is run; deployments follow from the events. It says which events could not be brought \
            back. The file stays as it is: keep it, or delete it afterwards.

            Recovered events keep their ids and times, so reports of the time before have them \
            again; in the ledger they stand behind those that were written since.

            First the ledger itself is verified. One that is damaged or was changed where no \
            deployment has come across it is set aside, too, and brought back from its events.

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
        if dismiss != nil, file != nil {
            throw ValidationError("--dismiss brings nothing back; leave the file out")
        }
    }

    /// How long a check of a large ledger, or a deployment, may keep this waiting, in ms.
    private static let patience = 30 * 60_000

    func run() throws {
        var settings = try ledger.settings()
        settings.budgetMilliseconds = Self.patience
        let writer = LedgerWriter(settings)
        try setAsideIfDamaged(writer)
        // A ledger that is back may have taken the place of an earlier one itself.
        var seen: Set<Int64> = []
        var (next, path) = try first(settings)
        if next == nil, path == nil {
            try StandardOutput.print("Nothing to recover: the ledger's history is complete.\n")
        }
        while next != nil || path != nil {
            if let dismiss, let interruption = next {
                try settle(interruption, .dismissed, dismiss, writer)
                let name = interruption.file ?? "the ledger that was gone"
                try StandardOutput.print("dismissed: \(name.escapedForTerminal)\n")
            } else {
                try recover(next, from: path, writer)
            }
            if let seq = next?.seq { seen.insert(seq) }
            path = nil
            next = file == nil ? try open(settings).first { !seen.contains($0.seq) } : nil
        }
        if file == nil { try listUnknownFiles(settings) }
    }

    /// What no event tells of is for a person to decide.
    private func listUnknownFiles(_ settings: LedgerSettings) throws {
        for file in try Failure.wrap({ try settings.open().unknownFiles() }) {
            let command = Remedy.command("deploystats", "recover", file)
            try StandardOutput.print(
                "Not read: \(file); use '\(command)'".escapedForTerminal + "\n")
        }
    }

    /// Whatever is too large to be checked while a deployment waits is checked now.
    private func setAsideIfDamaged(_ writer: LedgerWriter) throws {
        let path = writer.settings.path
        guard ["", "-wal"].contains(where: { FileSystem.exists(path + $0) }) else {
            throw Failure.because("\(LedgerError.missing(path: path))")
        }
        let result = writer.record([])
        if case .written = result { try setAside(writer) }
        guard case .written = result else {
            throw Failure.because(result.warning ?? "the ledger \(path) cannot be written")
        }
        for line in result.words { Terminal.complain("deploystats: " + line) }
    }

    /// What a deployment has not come across: it reads no more than the newest events.
    private func setAside(_ writer: LedgerWriter) throws {
        let report = try Failure.wrap {
            var line = ProgressLine()
            defer { line.clear() }
            return try LedgerVerifier(writer.settings).verify { line.update($0.words) }
        }
        guard let damage = report.damage.first else { return }
        let result = try Failure.wrap { try writer.setAside(because: damage) }
        for line in result.words { Terminal.complain("deploystats: " + line) }
    }

    private func open(_ settings: LedgerSettings) throws -> [LedgerInterruption] {
        try Failure.wrap { try settings.open().interruptions() }
    }

    /// What is settled first, and from which file if one was named.
    private func first(
        _ settings: LedgerSettings
    ) throws -> (LedgerInterruption?, path: String?) {
        let open = try open(settings)
        guard let file else { return (open.first, nil) }
        let path = FileSystem.resolved(file) ?? file
        if let one = open.first(where: { $0.file == path }) { return (one, path) }
        // One that was moved since, or a copy of one that is gone.
        if open.count == 1 { return (open[0], path) }
        // One that was settled before.
        if path.hasPrefix(settings.path + ".corrupt-") { return (nil, path) }
        let names = open.map { $0.file ?? "one whose file was gone" }.joined(separator: ", ")
        throw Failure.because(
            "\(file) is not a file that \(settings.path) continues; "
                + (open.isEmpty ? "nothing is open" : "open: \(names)"))
    }

    private func recover(
        _ interruption: LedgerInterruption?, from file: String?, _ writer: LedgerWriter
    ) throws {
        guard let path = file ?? interruption?.file else {
            throw Failure.because(
                "the file of the ledger before was gone, so there is nothing to read; name a copy "
                    + "of it, or settle it with --dismiss REASON")
        }
        if FileSystem.resolved(path) == FileSystem.resolved(writer.settings.path) {
            throw Failure.because("\(path) is the ledger itself; name the file that was set aside")
        }
        // Of a ledger that lost its database the log alone may be left.
        guard ["", "-wal"].contains(where: { FileSystem.exists(path + $0) }) else {
            throw Failure.because(
                "\(path) does not exist; put it back, or settle it with --dismiss REASON")
        }
        let recovery = Recovery(writer)
        let result = try Failure.wrap {
            var line = ProgressLine()
            defer { line.clear() }
            return try recovery.run(path, interruption) {
                line.update("recovering: \($0) events")
            }
        }
        guard result.recovered > 0 else {
            throw Failure.because(
                "nothing of \(path) could be read; keep it for an expert, and settle it with "
                    + "--dismiss REASON")
        }
        try StandardOutput.print("\(path): \(result.words)".escapedForTerminal + "\n")
        guard let interruption else { return }
        try settle(
            interruption, .recovered, result.words, writer, withoutDetail: result.withoutDetail)
    }

    private func settle(
        _ interruption: LedgerInterruption, _ how: LedgerInterruption.Settlement, _ reason: String,
        _ writer: LedgerWriter, withoutDetail: SeqRanges = SeqRanges()
    ) throws {
        let head = try Failure.wrap {
            try Recovery(writer).settle(
                interruption, how, reason: reason, withoutDetail: withoutDetail)
        }
        try StandardOutput.print("ledger \(head)\n")
    }
}
