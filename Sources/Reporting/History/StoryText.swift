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
        var previous: Instant?
        for entry in story.entries {
            text += line(entry, after: previous) + "\n"
            previous = entry.event.at ?? previous
        }
        if let orphan = OrphanText(story).line { text += "\n\(orphan)\n" }
        let relations = BatchRelationsText(
            relations: story.relations, state: deployment.state, dead: seenDead
        ).lines
        if !relations.isEmpty { text += "\n" + relations.map { $0 + "\n" }.joined() }
        if seenDead.contains(deployment.id) {
            text +=
                "\nIts wrapper is gone, though no end is recorded (its command may still run): the "
                + "next deployment under this lock records that.\n"
        }
        return text
    }

    private func facts(_ story: DeploymentStory) -> [(String, String)] {
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

    private static func known(_ values: [(String, String?)]) -> [(String, String)] {
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

    private func line(_ entry: DeploymentStory.Entry, after previous: Instant?) -> String {
        let time = entry.event.at.map { zone.text($0) } ?? "at an unknown time"
        var delta = ""
        if let at = entry.event.at, let previous {
            let passed = DurationText.text(microseconds: at.microseconds - previous.microseconds)
            delta = passed.hasPrefix("-") ? passed : "+" + passed
        }
        let blanks = String(repeating: " ", count: max(0, 8 - delta.count))
        let sentence = EventSentence(event: entry.event, detail: entry.detail, zone: zone).text
        let indent = String(repeating: " ", count: time.count + 12)
        let printed = (entry.detail?.output).map { Self.lines(of: $0) } ?? []
        return (["\(time)  \(blanks)\(delta)  \(sentence)"] + printed.map { "\(indent)| \($0)" })
            .joined(separator: "\n")
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
