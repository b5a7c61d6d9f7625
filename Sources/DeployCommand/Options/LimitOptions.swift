import ArgumentParser

/// How long the command may run.
struct LimitOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "End the command and all it started when it runs longer. (default: never)",
            valueName: "duration"))
    var maxDuration: String?

    @Option(
        help: ArgumentHelp(
            "The same when it prints nothing for this long; requires --log-dir.",
            valueName: "duration"))
    var maxSilence: String?

    @Option(
        help: ArgumentHelp(
            "How long it has to end after TERM before KILL. (default: 10s)",
            valueName: "duration"))
    var grace: String?

    @Option(
        help: ArgumentHelp(
            "Say that it runs long after this time; 0 is never. (default: 20m)",
            valueName: "duration"))
    var warnAfter: String?

    /// What the parser has read.
    var request: LimitRequest {
        LimitRequest(
            maxDuration: maxDuration, maxSilence: maxSilence, grace: grace, warnAfter: warnAfter)
    }
}

/// The same as it was written.
struct LimitRequest: RequestGroup {
    var maxDuration: String?
    var maxSilence: String?
    var grace: String?
    var warnAfter: String?

    mutating func setFlag(_ name: String) -> Bool {
        false
    }

    mutating func setOption(_ name: String, _ value: String) -> Bool {
        switch name {
        case "--max-duration": maxDuration = value
        case "--max-silence": maxSilence = value
        case "--grace": grace = value
        case "--warn-after": warnAfter = value
        default: return false
        }
        return true
    }
}
