import ArgumentParser
import CommandSupport
import Dashboard
import Logging

/// How much the server does, and says.
struct LoadOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How many event streams may be open; one more is answered 503. (default: 600)",
            valueName: "number"))
    var maxStreams: Int?

    @Option(
        help: ArgumentHelp(
            "What is logged to standard error: debug, info (every request), notice (those that failed), "
                + "warning or error.", valueName: "level"))
    var logLevel = "notice"

    @Option(
        help: ArgumentHelp(
            "A limit in time: head, body, write, linger, stream, gone, tick, query, session or link.",
            valueName: "name=duration", visibility: .hidden))
    var limit: [String] = []

    func validate() throws {
        if let maxStreams, !(1...100_000).contains(maxStreams) {
            throw ValidationError(
                "--max-streams must be a number from 1 to 100000, not '\(maxStreams)'")
        }
        guard Logger.Level(rawValue: logLevel) != nil else {
            throw ValidationError(
                "--log-level must be debug, info, notice, warning or error, not '\(logLevel)'")
        }
    }

    /// Sets what these say.
    func apply(to options: inout DashboardOptions) throws {
        if let maxStreams { options.mostStreams = maxStreams }
        options.logLevel = Logger.Level(rawValue: logLevel) ?? .notice
        for text in limit {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw ValidationError("--limit requires NAME=DURATION") }
            let setting = Configuration.Setting("--limit \(parts[0])", parts[1])
            // Also shorter than what people have a use for.
            let us =
                try parts[1].hasSuffix("us")
                ? Int64(parts[1].dropLast(2)) ?? setting.duration() : setting.duration()
            switch parts[0] {
            case "head": options.limits.headUs = us
            case "body": options.limits.bodyUs = us
            case "write": options.limits.writeUs = us
            case "linger": options.limits.lingerUs = us
            case "session": options.limits.sessionUs = us
            case "link": options.limits.linkUs = us
            case "query": options.limits.queryUs = us
            case "stream": options.limits.streamWriteUs = us
            case "gone": options.limits.streamGoneUs = us
            case "tick": options.limits.tickUs = us
            default: throw ValidationError("unknown limit '\(parts[0])'")
            }
        }
    }
}
