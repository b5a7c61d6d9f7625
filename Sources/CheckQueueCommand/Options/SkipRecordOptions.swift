import ArgumentParser
import CommandSupport
import Wording

/// What is recorded of a skip, and where.
struct SkipRecordOptions: ParsableArguments {
    @Flag(help: "Record a skip in the ledger of this machine.")
    var record = false

    @Option(
        help: ArgumentHelp(
            "Record a skip with 'deploystats record skip' through this command, such as "
                + "'ssh server'; it gets the command line as one argument.", valueName: "command"))
    var recordVia: String?

    @Option(help: "How long --record-via may take.")
    var recordTimeout = "30s"

    @Option(
        help: "The ledger for --record. (default: /var/lib/deploy-ledger/ledger.db for root)",
        completion: .file())
    var ledger: String?

    @Option(
        help: "Where the deployment comes from. (default: gha in a job)", completion: .sources)
    var source: String?

    @Option(help: "The kind of deployment: lightning, docker, …", completion: .tiers)
    var tier: String?

    func validate() throws {
        if recordVia?.allSatisfy(\.isWhitespace) == true {
            throw ValidationError("--record-via is empty; write a command such as 'ssh server'")
        }
        guard let timeout = DurationText.parse(option: recordTimeout), timeout > 0 else {
            throw ValidationError(
                "--record-timeout requires a duration such as 30s, not '\(recordTimeout)'")
        }
    }
}
