import ArgumentParser
import Wording

/// Whether a freeze where the run would deploy is asked for.
struct FreezeCheckOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Ask 'deploystats freezes' through this command, such as 'ssh server'; it gets the "
                + "command line as one argument. --local needs none.", valueName: "command"))
    var serverVia: String?

    @Option(help: ArgumentHelp("How long --server-via may take.", valueName: "duration"))
    var serverTimeout = "30s"

    @Option(
        help: ArgumentHelp(
            "How long the deployment waits for the lock; a freeze that lasts longer skips the run. "
                + "(default: DEPLOY_LOCK_TIMEOUT, 30m)", valueName: "duration"))
    var timeout: String?

    func validate() throws {
        if serverVia?.allSatisfy(\.isWhitespace) == true {
            throw ValidationError("--server-via is empty; write a command such as 'ssh server'")
        }
        guard let limit = DurationText.parse(option: serverTimeout), limit > 0 else {
            throw ValidationError(
                "--server-timeout requires a duration such as 30s, not '\(serverTimeout)'")
        }
    }
}
