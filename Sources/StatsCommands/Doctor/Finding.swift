import Wording

/// One thing that `deploystats doctor` found, with the command that mends it.
struct Finding: Hashable, Sendable {
    /// How bad it is.
    enum Severity: Int, Comparable, CaseIterable, Sendable {
        /// Worth knowing; nothing has to be done.
        case note
        /// Something does not work for somebody, or will not.
        case warning
        /// A promise is broken: exclusion, or a record that is lost.
        case critical

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

        /// In one word, for people and programs.
        var word: String {
            switch self {
            case .note: "note"
            case .warning: "warning"
            case .critical: "critical"
            }
        }
    }

    let severity: Severity
    /// What it is about, such as `ledger`.
    let subject: String
    /// What is wrong and what that means, in one line.
    let text: String
    /// The command that mends it; nil where that is for a person to decide.
    let remedy: String?

    init(_ severity: Severity, _ subject: String, _ text: String, remedy: String? = nil) {
        self.severity = severity
        self.subject = subject
        self.text = text
        self.remedy = remedy
    }
}

/// Words of a command line that mends something.
enum Remedy {
    /// `chgrp deploy /a/b`, quoted where a shell would need it.
    static func command(_ words: String...) -> String { ShellText.quoted(words) }

    /// One command after the other.
    static func commands(_ commands: String?...) -> String {
        commands.compactMap(\.self).joined(separator: " && ")
    }
}
