import ArgumentParser

/// Where the output of the command is kept.
struct OutputOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Keep the output in a file in this directory and show it from there.",
            valueName: "directory"))
    var logDir: String?

    @Option(
        help: ArgumentHelp(
            "How much space to reserve for it: 64M, 1G; 0 is none. (default: 64M)",
            valueName: "size"))
    var logReserve: String?

    @Option(
        help: ArgumentHelp(
            "Remove kept output older than this: 30d; 0 is never. (default: 90d)",
            valueName: "duration"))
    var logMaxAge: String?

    @Option(
        help: ArgumentHelp(
            "Remove the oldest kept output beyond this in total; 0 means no limit. (default: 2G)",
            valueName: "size"))
    var logMaxSize: String?

    /// What the parser has read.
    var request: OutputRequest {
        OutputRequest(
            logDir: logDir, logReserve: logReserve, logMaxAge: logMaxAge, logMaxSize: logMaxSize)
    }
}

/// The same as it was written.
struct OutputRequest: RequestGroup {
    var logDir: String?
    var logReserve: String?
    var logMaxAge: String?
    var logMaxSize: String?

    mutating func setFlag(_ name: String) -> Bool {
        false
    }

    mutating func setOption(_ name: String, _ value: String) -> Bool {
        switch name {
        case "--log-dir": logDir = value
        case "--log-reserve": logReserve = value
        case "--log-max-age": logMaxAge = value
        case "--log-max-size": logMaxSize = value
        default: return false
        }
        return true
    }
}
