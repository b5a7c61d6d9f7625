import ArgumentParser

/// How to check that the service works once the command has succeeded.
struct HealthOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Check with this command line for /bin/sh once the command has succeeded.",
            valueName: "command"))
    var healthCheck: String?

    @Option(
        help: ArgumentHelp(
            "Check with curl that this address answers with a status from 200 to 299.",
            valueName: "url"))
    var healthUrl: String?

    @Option(
        help: ArgumentHelp(
            "What the answer has to contain; {sha} and {number} are replaced.",
            valueName: "text"))
    var healthExpect: String?

    @Option(
        help: ArgumentHelp(
            "How long to wait before the first attempt. (default: 30s)",
            valueName: "duration"))
    var healthDelay: String?

    @Option(
        help: ArgumentHelp(
            "How many attempts there are. (default: 3)",
            valueName: "n"))
    var healthRetries: String?

    @Option(
        help: ArgumentHelp(
            "How long to wait between attempts. (default: 5s)",
            valueName: "duration"))
    var healthInterval: String?

    @Option(
        help: ArgumentHelp(
            "How long one attempt may take. (default: 10s)",
            valueName: "duration"))
    var healthTimeout: String?

    @Option(
        help: ArgumentHelp(
            "How many attempts in a row have to succeed. (default: 1)",
            valueName: "n"))
    var healthStable: String?

    @Option(
        help: ArgumentHelp(
            "The exit code when the command succeeded and the check did not. (default: 69)",
            valueName: "code"))
    var healthExitCode: String?

    @Flag(help: "Let --health-url follow redirects.")
    var healthFollowRedirects = false

    @Flag(help: "Check nothing this time, whatever the settings say.")
    var noHealthCheck = false

    /// What the parser has read.
    var request: HealthRequest {
        HealthRequest(
            healthCheck: healthCheck, healthUrl: healthUrl, healthExpect: healthExpect,
            healthDelay: healthDelay, healthRetries: healthRetries, healthInterval: healthInterval,
            healthTimeout: healthTimeout, healthStable: healthStable,
            healthExitCode: healthExitCode, healthFollowRedirects: healthFollowRedirects,
            noHealthCheck: noHealthCheck)
    }
}

/// The same as it was written.
struct HealthRequest: RequestGroup {
    var healthCheck: String?
    var healthUrl: String?
    var healthExpect: String?
    var healthDelay: String?
    var healthRetries: String?
    var healthInterval: String?
    var healthTimeout: String?
    var healthStable: String?
    var healthExitCode: String?
    var healthFollowRedirects = false
    var noHealthCheck = false

    mutating func setFlag(_ name: String) -> Bool {
        switch name {
        case "--health-follow-redirects": healthFollowRedirects = true
        case "--no-health-check": noHealthCheck = true
        default: return false
        }
        return true
    }

    mutating func setOption(_ name: String, _ value: String) -> Bool {
        switch name {
        case "--health-check": healthCheck = value
        case "--health-url": healthUrl = value
        case "--health-expect": healthExpect = value
        case "--health-delay": healthDelay = value
        case "--health-retries": healthRetries = value
        case "--health-interval": healthInterval = value
        case "--health-timeout": healthTimeout = value
        case "--health-stable": healthStable = value
        case "--health-exit-code": healthExitCode = value
        default: return false
        }
        return true
    }
}
