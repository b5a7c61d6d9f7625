package import JSON
import Secrets

/// What may turn out to be secret about an event and therefore stays out of the hashed record.
package struct EventDetail: Hashable, Sendable {
    /// The command with its arguments; empty when the event is not about a command.
    package var command: [String]
    /// The working directory.
    package var directory: String?
    /// What the person had to say.
    package var message: String?
    /// What was known of a deployment whose lock was freed by force, as JSON.
    package var facts: String?
    /// The end of what a check, a rollback or a command printed.
    package var output: String?

    /// Describes a deployment's command.
    package init(
        command: [String] = [], directory: String? = nil, message: String? = nil,
        facts: String? = nil, output: String? = nil
    ) {
        self.command = command
        self.directory = directory
        self.message = message
        self.facts = facts
        self.output = output
    }

    /// Reads the JSON object that is kept beside a record; nil when it is none.
    package init?(json: String) {
        guard let members = CanonicalMembers(Array(json.utf8)) else { return nil }
        self.init(command: [])
        try? read(members)
    }

    /// The same without recognisable secrets and of bounded size.
    var masked: EventDetail {
        var rest = Self.longestCommand
        var kept: [String] = []
        for argument in Masking.mask(arguments: command) {
            let short = Self.shortened(argument)
            rest -= short.utf8.count
            if rest < 0 {
                kept.append("… (\(command.count - kept.count) more)")
                break
            }
            kept.append(short)
        }
        return EventDetail(
            command: kept, directory: directory.map { Self.shortened(Masking.mask($0)) },
            message: message.map { Self.shortened(Masking.mask($0)) },
            facts: facts.map { Self.shortened(Masking.mask($0)) },
            output: output.map { Self.shortened(Masking.mask($0)) })
    }

    private static let longestCommand = 64 << 10
    private static let longestText = 8 << 10

    private static func shortened(_ text: String) -> String {
        guard text.utf8.count > longestText else { return text }
        return String(decoding: text.utf8.prefix(longestText), as: UTF8.self)
            + "… (\(text.utf8.count) bytes)"
    }

    /// What somebody elsewhere wrote, for a record: without recognisable secrets and of bounded
    /// size, so that no event is longer than a ledger can be exported with.
    package static func outside(_ text: String) -> String { shortened(Masking.mask(text)) }
}

extension EventDetail: RecordFields {
    /// All members, in the order of their keys.
    package mutating func visit<Visitor: MemberVisitor>(_ visitor: inout Visitor) {
        visitor.visit("command", &command)
        visitor.visit("directory", &directory)
        visitor.visit("facts", &facts)
        visitor.visit("message", &message)
        visitor.visit("output", &output)
    }
}
