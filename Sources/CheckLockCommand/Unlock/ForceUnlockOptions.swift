import ArgumentParser
import Wording

/// What a person says who frees a lock.
struct ForceUnlockOptions: ParsableArguments {
    @Flag(help: "End what keeps the lock and free it; shows first what that is and asks.")
    var forceUnlock = false

    @Option(
        help: ArgumentHelp(
            "Only if the holder is still the deployment with this number.", valueName: "number"))
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
                ("--id", id != nil), ("--reason", reason != nil), ("--yes", yes),
                ("--abandon", abandon), ("--no-watch", noWatch), ("--grace", grace != "10s"),
            ]
            if let (name, _) = given.first(where: \.1) {
                throw ValidationError("\(name) goes with --force-unlock")
            }
        }
        if yes, reason == nil {
            throw ValidationError("--yes requires --reason TEXT; the reason is recorded")
        }
        if let reason, reason.allSatisfy(\.isWhitespace) {
            throw ValidationError("--reason is empty")
        }
        if noWatch, !abandon { throw ValidationError("--no-watch goes with --abandon") }
        if LengthOfTime.parse(option: grace) == nil {
            throw ValidationError("--grace takes a duration such as 10, 10s or 1m, not '\(grace)'")
        }
    }
}
