import ArgumentParser
import CommandSupport
import DeployLock
import Ledger
import Wording

/// `deploystats unfreeze`.
struct UnfreezeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unfreeze",
        abstract: "End a freeze before its time.",
        discussion: """
            Without an id: the only one in force. Deployments that wait go on within a second, in \
            their order.

            EXIT CODES
              0    ended, or there was none
              1    not ended, such as when several are in force and no id was given
              64   usage error
            """)

    @Argument(help: ArgumentHelp("The freeze's id, or its beginning.", valueName: "id"))
    var id: String?

    @Flag(help: "End all of them.")
    var all = false

    @Option(help: ArgumentHelp("Why; recorded in the ledger.", valueName: "text"))
    var reason: String?

    @OptionGroup
    var place: FreezePlace

    func validate() throws {
        if all, id != nil { throw ValidationError("--all and an id exclude each other") }
        if id?.isEmpty == true { throw ValidationError("the id is empty") }
    }

    func run() throws {
        let desk = try place.open()
        let freezes = try desk.freezes()
        if freezes.isEmpty, id == nil {
            try StandardOutput.print("\(desk.lock.escapedForTerminal) is not frozen\n")
            return
        }
        for id in try chosen(freezes, desk) {
            // Of one that only the ledger has there is no file.
            _ = try Failure.wrap { try desk.queue.unfreeze(desk.queue.freezeFile(id)) }
            desk.record(desk.events.end(EventID(id), reason: reason))
            let freeze = freezes.inForce.first { $0.id == id }
            let words = freeze.map { "the freeze \(Words.freeze($0))" } ?? "the freeze \(id)"
            try StandardOutput.print("ended: \(words.escapedForTerminal)\n")
        }
        let left = try desk.freezes()
        try StandardOutput.print(
            "\(desk.lock.escapedForTerminal) is "
                + (left.isEmpty ? "not frozen any more" : "still \(Words.frozen(left))") + "\n")
    }

    private func chosen(_ freezes: Freezes, _ desk: FreezeDesk) throws -> [String] {
        if all { return freezes.ids }
        if let id { return [try desk.freeze(id, among: freezes)] }
        if freezes.count == 1 { return freezes.ids }
        throw Failure.because(
            "\(freezes.count) freezes are in force; name one, or end all with --all",
            further: freezes.inForce.map { "\($0.id)  \(Words.freeze($0))" }
                + freezes.unreadable.map { "\($0.file.id)  \($0.file.path): \($0.reason)" })
    }
}
