import ArgumentParser
import CommandSupport
import Wording

/// What a person says who frees a lock.
struct ForceUnlockOptions: ParsableArguments {
    @Flag(help: "End what holds the lock and free it; shows what that is and asks first.")
    var forceUnlock = false

    @Option(
        help: ArgumentHelp(
            "Only if the holder is still the deployment with this number.", valueName: "n"))
    var number: Int64?

    // `OldSpelling.id`.
    @Option(help: .hidden)
    var id: Int64?

    @Option(
        help: ArgumentHelp("Why; recorded. (default: asked for on a terminal)", valueName: "text"))
    var reason: String?

    @Flag(help: "Do not ask; requires --reason.")
    var yes = false

    @Option(
        help: ArgumentHelp("How long to wait between TERM and KILL.", valueName: "duration"))
    var grace = "10s"

    @Flag(help: "Replace the lock file and leave the processes running, when they cannot be ended.")
    var abandon = false

    @Flag(help: "With --abandon: do not stay to watch the processes end.")
    var noWatch = false

    func validate() throws {
        if !forceUnlock {
            let given = [
                ("--number", number != nil), ("--id", id != nil), ("--reason", reason != nil),
                ("--yes", yes),
                ("--abandon", abandon), ("--no-watch", noWatch), ("--grace", grace != "10s"),
            ]
            if let (name, _) = given.first(where: \.1) {
                throw ValidationError("\(name) requires --force-unlock")
            }
        }
        if let number, let id, number != id {
            throw ValidationError(
                "\(OldSpelling.id.old) is an old name of \(OldSpelling.id.now); give one of them")
        }
        if yes, reason == nil {
            throw ValidationError("--yes requires --reason TEXT; the reason is recorded")
        }
        if let reason, reason.allSatisfy(\.isWhitespace) {
            throw ValidationError("--reason is empty")
        }
        if noWatch, !abandon { throw ValidationError("--no-watch requires --abandon") }
        if DurationText.parse(option: grace) == nil {
            throw ValidationError(
                "--grace requires a duration such as 10, 10s or 1m, not '\(grace)'")
        }
    }
}
