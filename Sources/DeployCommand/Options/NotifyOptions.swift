import ArgumentParser

/// Whom to tell.
struct NotifyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Run this command line for /bin/sh with a JSON object on its standard input.",
            valueName: "command"))
    var notify: String?

    @Option(
        help: ArgumentHelp(
            "When, divided by commas: failed, rolled_back, recovered, … or all. (default: when something went wrong, and recovered)",
            valueName: "conditions"))
    var notifyOn: String?

    @Option(
        help: ArgumentHelp(
            "How long it may take. (default: 10s)",
            valueName: "duration"))
    var notifyTimeout: String?

    @Option(
        help: ArgumentHelp(
            "What it is given: json or cloudevents. (default: json)",
            valueName: "format"))
    var notifyFormat: String?

    @Flag(help: "Write one line per event to the journal, or else to syslog.")
    var syslog = false

    /// What the parser has read.
    var request: NotifyRequest {
        NotifyRequest(
            notify: notify, notifyOn: notifyOn, notifyTimeout: notifyTimeout,
            notifyFormat: notifyFormat, syslog: syslog)
    }
}

/// The same as it was written.
struct NotifyRequest: RequestGroup {
    var notify: String?
    var notifyOn: String?
    var notifyTimeout: String?
    var notifyFormat: String?
    var syslog = false

    mutating func setFlag(_ name: String) -> Bool {
        switch name {
        case "--syslog": syslog = true
        default: return false
        }
        return true
    }

    mutating func setOption(_ name: String, _ value: String) -> Bool {
        switch name {
        case "--notify": notify = value
        case "--notify-on": notifyOn = value
        case "--notify-timeout": notifyTimeout = value
        case "--notify-format": notifyFormat = value
        default: return false
        }
        return true
    }
}
