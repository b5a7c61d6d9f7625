import Ledger
package import Queries
import Wording

/// One deployment for people: its facts, then what happened, one sentence an event.
package struct StoryText: Sendable {
    let zone: Zone
    let style: Style

    /// A renderer for people.
    package init(zone: Zone, style: Style = .plain) {
        self.zone = zone
        self.style = style
    }

    /// The whole story.
    ///
    /// - Parameter seenDead: the ids of deployments whose process is known to be gone although
    ///   nothing says so.
    package func render(_ story: DeploymentStory, seenDead: Set<String> = []) -> String {
        let deployment = story.deployment
        let name = deployment.number.map { "Deployment #\($0)" } ?? "Deployment \(deployment.id)"
        var text = style.heading("\(name): \(deployment.state.escapedForTerminal)") + "\n"
        for (label, value) in facts(story) {
            let blanks = String(repeating: " ", count: 11 - label.count)
            text += "  \(label)\(blanks)\(value.escapedForTerminal)\n"
        }
        text += "\n"
        text += moments(story).map { line($0) + "\n" }.joined()
        for remarks in remarks(story, seenDead: seenDead) {
            text += "\n" + remarks.map { $0 + "\n" }.joined()
        }
        return text
    }

    /// One event in words.
    package struct Moment: Sendable {
        /// When it happened; nil when the record does not say.
        package let at: Instant?
        /// How long after the event before, such as `+3.2s`; nil for the first one.
        package let passed: String?
        /// One sentence, in which texts from outside are escaped.
        package let sentence: String
        /// The end of what was printed, escaped.
        package let printed: [String]
    }

    /// What happened, in the order of the ledger.
    package func moments(_ story: DeploymentStory) -> [Moment] {
        var previous: Instant?
        return story.entries.map { entry in
            var passed: String?
            if let at = entry.event.at, let previous {
                let text = DurationText.text(
                    microseconds: at.microseconds - previous.microseconds)
                passed = text.hasPrefix("-") ? text : "+" + text
            }
            previous = entry.event.at ?? previous
            return Moment(
                at: entry.event.at, passed: passed,
                sentence: EventSentence(event: entry.event, detail: entry.detail, zone: zone).text,
                printed: (entry.detail?.output).map { Self.lines(of: $0) } ?? [])
        }
    }

    /// What is to be said behind the events, in sentences that belong together; texts from outside
    /// are escaped.
    package func remarks(_ story: DeploymentStory, seenDead: Set<String> = []) -> [[String]] {
        let deployment = story.deployment
        let relations = BatchRelationsText(
            relations: story.relations, state: deployment.state, dead: seenDead
        ).lines
        let gone =
            seenDead.contains(deployment.id)
            ? "Its wrapper is gone, though no end is recorded (its command may still run): the "
                + "next deployment under this lock records that." : nil
        return [
            [OrphanText(story).line].compactMap(\.self), relations, [gone].compactMap(\.self),
        ].filter { !$0.isEmpty }
    }

    /// What is known of it by label, in order; not yet escaped.
    package func facts(_ story: DeploymentStory) -> [(label: String, value: String)] {
        let request = story.entries.first { ["requested", "imported"].contains($0.event.kind) }
        let record = request?.event.facts
        let command = request?.detail?.command ?? []
        let values: [(String, String?)] = [
            ("id", story.deployment.id), ("lock", story.deployment.lock),
            ("command", command.isEmpty ? nil : ShellText.quoted(command)),
            ("directory", request?.detail?.directory), ("message", request?.detail?.message),
            ("by", record.flatMap(Self.person)), ("from", record?.source),
            ("tier", record?.tier), ("commit", record?.sha), ("ref", record?.ref),
            ("batch", record?.batchKey),
            ("run", record?.runURL),
            ("run ended", story.runs.isEmpty ? nil : story.runs.map(run).joined(separator: "; ")),
            ("process", record.flatMap(Self.process)),
        ]
        return StoryText.known(values) + StoryText.known(story.steps.texts)
    }

    private static func known(
        _ values: [(String, String?)]
    ) -> [(label: String, value: String)] {
        return values.compactMap { label, value in value.map { (label, $0) } }
    }

    private func run(_ run: DeploymentStory.Run) -> String {
        let attempt = run.attempt.map { "attempt \($0): " } ?? ""
        let ended = run.endedAt.map { " at \(zone.text($0))" } ?? ""
        return "\(attempt)\(run.conclusion)\(ended) (imported)"
    }

    private static func process(_ record: Event) -> String? {
        record.pid.map {
            "\($0) on \(record.host.isEmpty ? "an unknown machine" : record.host)"
        }
    }

    private static func person(_ record: Event) -> String? {
        guard let actor = record.actor ?? record.user else { return nil }
        var notes: [String] = []
        if let user = record.user, user != actor { notes.append("as \(user)") }
        if let login = record.login, login != actor { notes.append("logged in as \(login)") }
        if let sudo = record.sudoUser, sudo != actor { notes.append("SUDO_USER: \(sudo)") }
        return Actor.text(actor, claimed: record.claimedActor)
            + (notes.isEmpty ? "" : " (\(notes.joined(separator: ", ")))")
    }

    private func line(_ moment: Moment) -> String {
        let time = moment.at.map { zone.text($0) } ?? "at an unknown time"
        let passed = moment.passed ?? ""
        let blanks = String(repeating: " ", count: max(0, 8 - passed.count))
        let indent = String(repeating: " ", count: time.count + 12)
        return
            (["\(time)  \(blanks)\(passed)  \(moment.sentence)"]
            + moment.printed.map { "\(indent)| \($0)" }).joined(separator: "\n")
    }

    /// The end of what was printed, made harmless.
    private static func lines(of output: String) -> [String] {
        var lines = output.split(separator: "\n", omittingEmptySubsequences: false)
            .map { String($0).escapedForTerminal }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.suffix(mostLines)
    }

    /// How many lines of what a check, a rollback or a command printed are shown at most.
    private static let mostLines = 20
}
