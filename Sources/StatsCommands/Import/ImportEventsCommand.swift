import ArgumentParser
import CommandSupport
import Glibc
import Ledger
import SystemCalls
import Wording

/// `deploystats import --events FILE`.
struct ImportEventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Add the events of a file that 'deploystats export' wrote (the default).",
        usage: "deploystats import --events <file> [--ledger <path>]",
        discussion: """
            The records stay as they are, byte for byte; the ledger chains them behind what it \
            has. Events it has already are passed over, so a run that was cut short is simply \
            repeated. Deployments go on beside it. The first line that is not an event ends the run; \
            what stands before that line stays.
            """)

    @Option(
        help: ArgumentHelp("The file; - for standard input.", valueName: "file"),
        completion: .file())
    var events: String

    @OptionGroup(title: "Ledger")
    var ledger: LedgerOptions

    func run() throws {
        let settings = try ledger.settings()
        var importer = EventFileImport(LedgerWriter(settings))
        do {
            try importer.run(try openFile())
        } catch let problem as EventFileImport.Problem {
            let done = importer.appended + importer.known
            throw Failure.because(
                "\(events): \(problem.description)",
                further: done > 0 ? ["before that: \(summary(importer))"] : [])
        }
        try StandardOutput.print(summary(importer) + "\n")
        if let head = importer.head { try StandardOutput.print("ledger \(head)\n") }
    }

    private func openFile() throws -> FileDescriptor {
        do throws(SystemError) {
            return try FileDescriptor.open(events == "-" ? "/dev/stdin" : events, O_RDONLY)
        } catch {
            throw Failure.because("\(events) cannot be read: \(error.reason)")
        }
    }

    private func summary(_ importer: EventFileImport) -> String {
        PluralText.text(importer.appended, "event") + " added, \(importer.known) there already"
    }
}
