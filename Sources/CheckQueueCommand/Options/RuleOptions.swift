import ArgumentParser

/// By which rule a run is left out.
struct RuleOptions: ParsableArguments {
    @Option(
        help: """
            threshold: skip when that many are pending; newest: skip when a newer run of the same \
            workflow and branch is pending, so that the newest always deploys.
            """)
    var policy = SkipPolicy.threshold

    @Option(
        help: ArgumentHelp(
            "Skip when this many are pending; 0 never skips.", valueName: "count"))
    var threshold = 3

    func validate() throws {
        if threshold < 0 { throw ValidationError("--threshold must not be negative") }
    }
}

/// Facts about the run that asks.
struct RunOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The id of this run, which is not counted. (default: $GITHUB_RUN_ID)", valueName: "id"))
    var excludeRun: Int64?

    @Option(help: "This run's commit. (default: $GITHUB_SHA)")
    var sha: String?

    @Option(help: "This run's branch or tag. (default: $GITHUB_REF_NAME)")
    var branch: String?

    @Option(help: "What triggered this run. (default: $GITHUB_EVENT_NAME)")
    var event: String?
}
