import Glibc
import Ledger
import Processes
import SystemCalls
import Wording

/// Takes a skip to the ledger: the one at hand, or one on another machine.
enum SkipRecorder {
    /// What came of it, line by line; `isDurable` tells whether the ledger will have it, and
    /// `isWritten` whether it is known to have it.
    struct Outcome: Sendable {
        let isDurable: Bool
        var isWritten = false
        let words: [String]
    }

    /// Writes the skip into a ledger on this machine.
    static func record(_ skip: SkippedRun, in settings: LedgerSettings) -> Outcome {
        let result = skip.record(in: settings)
        var isWritten = false
        if case .written = result { isWritten = true }
        return Outcome(
            isDurable: result.isDurable, isWritten: isWritten, words: result.words)
    }

    /// Has `deploystats record skip` write it where `command` leads, such as `ssh server`.
    ///
    /// The shell here reads `command`; the command line to run is its last argument, one word, as
    /// `ssh` and `sh -c` require it.
    static func record(
        _ skip: SkippedRun, lock: String?, via command: String, timeout: Int64
    ) -> Outcome {
        let remote = ShellText.quoted(arguments(skip, lock: lock))
        let shell = Command(["/bin/sh", "-c", "\(command) \"$1\"", "sh", remote])
        do throws(SystemError) {
            let run = try shell.capture(timeout: timeout, withChildren: true, limit: 1 << 20)
            guard let status = run.status else {
                let time = DurationText.text(microseconds: timeout)
                return Outcome(
                    isDurable: false, words: ["'\(command)' did not finish within \(time)"])
            }
            let errors = String(decoding: run.errors, as: UTF8.self)
                .split(whereSeparator: \.isNewline).map(String.init)
            let words = capped(errors)
            if status == .exited(0) { return Outcome(isDurable: true, words: words) }
            return Outcome(
                isDurable: false, words: ["'\(command)' ended with code \(status.code)"] + words)
        } catch {
            return Outcome(isDurable: false, words: ["cannot run '\(command)': \(error)"])
        }
    }

    /// GitHub shows ten warnings of a step, and what another machine says may be any length.
    ///
    /// Source: "Workflow commands for GitHub Actions", docs.github.com.
    private static let mostLines = 8

    private static func capped(_ lines: [String]) -> [String] {
        let more = lines.count - mostLines
        if more <= 0 { return lines }
        return lines.prefix(mostLines) + ["and \(PluralText.text(more, "more line"))"]
    }

    private static func arguments(_ skip: SkippedRun, lock: String?) -> [String] {
        var words = ["deploystats", "record", "skip"]
        func add(_ option: String, _ value: String?) {
            // With the sign between, a value may begin with a dash.
            if let value { words.append("\(option)=\(value)") }
        }
        add("--source", skip.source)
        add("--sha", skip.sha)
        add("--ref", skip.ref)
        add("--tier", skip.tier)
        add("--actor", skip.actor)
        add("--run-url", skip.runURL)
        if skip.runURL != nil { add("--run-attempt", String(skip.runAttempt)) }
        add("--reason", skip.reason)
        add("--queue", String(skip.queue))
        add("--lock", lock)
        return words
    }
}
