import ArgumentParser

/// What to run when a deployment has failed.
struct RollbackOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Run this command line for /bin/sh, still under the lock, when the deployment failed.",
            valueName: "command"))
    var rollback: String?

    @Option(
        help: ArgumentHelp(
            "When: some of command, health, overran, signal. (default: command,health,overran)",
            valueName: "steps"))
    var rollbackOn: String?

    @Option(
        help: ArgumentHelp(
            "How long it may take. (default: --max-duration, or else 30m)",
            valueName: "duration"))
    var rollbackTimeout: String?

    @Option(
        help: ArgumentHelp(
            "Name to it the last good deployment of this tier only.",
            valueName: "tier"))
    var lastGoodTier: String?

    @Option(
        help: ArgumentHelp(
            "Freeze deployments for this long after a rollback. (default: off)",
            valueName: "duration"))
    var freezeAfterRollback: String?

    @Flag(help: "Roll back nothing this time, whatever the settings say.")
    var noRollback = false

    /// What the parser has read.
    var request: RollbackRequest {
        RollbackRequest(
            rollback: rollback, rollbackOn: rollbackOn, rollbackTimeout: rollbackTimeout,
            lastGoodTier: lastGoodTier, freezeAfterRollback: freezeAfterRollback,
            noRollback: noRollback)
    }
}

/// The same as it was written.
struct RollbackRequest: RequestGroup {
    var rollback: String?
    var rollbackOn: String?
    var rollbackTimeout: String?
    var lastGoodTier: String?
    var freezeAfterRollback: String?
    var noRollback = false

    mutating func setFlag(_ name: String) -> Bool {
        switch name {
        case "--no-rollback": noRollback = true
        default: return false
        }
        return true
    }

    mutating func setOption(_ name: String, _ value: String) -> Bool {
        switch name {
        case "--rollback": rollback = value
        case "--rollback-on": rollbackOn = value
        case "--rollback-timeout": rollbackTimeout = value
        case "--last-good-tier": lastGoodTier = value
        case "--freeze-after-rollback": freezeAfterRollback = value
        default: return false
        }
        return true
    }
}
