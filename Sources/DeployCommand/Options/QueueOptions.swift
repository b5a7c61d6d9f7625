import ArgumentParser
import CommandSupport

/// When not to deploy although the lock can be had in the end.
struct QueueOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Skip when n or more deployments run or wait already. (default: never)",
            valueName: "n"))
    var maxQueue: String?

    @Flag(help: "Deploy however many are waiting, whatever --max-queue or DEPLOY_MAX_QUEUE say.")
    var ignoreMaxQueue = false

    @Flag(help: "When the turn comes, step aside for a newer deployment of the same batch.")
    var yieldToNewer = false

    // `OldSpelling.forceQueue` and `.supersede`.
    @Flag(help: .hidden)
    var forceQueue = false

    @Flag(help: .hidden)
    var supersede = false

    @Option(
        help: ArgumentHelp(
            "What makes a batch under one lock. (default: the ref, and the tier if given)",
            valueName: "text"))
    var batchKey: String?

    @Flag(help: "After stepping aside wait for the newer one and end with its exit code.")
    var waitCovered = false

    @Option(
        help: ArgumentHelp(
            "The exit code when it was skipped or stepped aside.", valueName: "code"))
    var skipExitCode: Int32 = ExitCodes.skipped

    /// What the parser has read.
    var request: QueueRequest {
        var oldSpellings: Set<OldSpelling> = []
        if forceQueue { oldSpellings.insert(.forceQueue) }
        if supersede { oldSpellings.insert(.supersede) }
        return QueueRequest(
            maxQueue: maxQueue, ignoresLimit: ignoreMaxQueue || forceQueue,
            yieldsToNewer: yieldToNewer || supersede, batchKey: batchKey,
            waitCovered: waitCovered, skipExitCode: skipExitCode, oldSpellings: oldSpellings)
    }
}
