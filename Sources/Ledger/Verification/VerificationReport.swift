/// What a verification found.
package struct VerificationReport: Sendable {
    /// One thing that is not as it was written.
    package struct Problem: Hashable, Sendable, CustomStringConvertible {
        /// The event it is about; nil for the ledger as a whole.
        package let seq: Int64?
        /// What is wrong.
        package let what: String
        /// Whether it is known and waits for a person to settle it.
        package let isInterruption: Bool

        /// The event and what is wrong with it.
        package var description: String { (seq.map { "event \($0): " } ?? "") + what }
    }

    /// The head behind which everything was looked at; nil when all of the ledger was.
    package internal(set) var since: Head?
    /// Events looked at.
    package internal(set) var events = 0
    /// The newest event as the ledger has it.
    package internal(set) var head: Head
    /// Everything that is wrong, in the order of the events; empty for a whole ledger.
    package internal(set) var problems: [Problem] = []
    /// Whether there are more problems than are listed.
    package internal(set) var isCutShort = false
    /// Events that wait in a spool for the next append.
    package internal(set) var waiting = 0
    /// Files in a spool that could not be understood and were set aside.
    package internal(set) var setAside = 0

    /// Whether the ledger is as it was written.
    package var isWhole: Bool { problems.isEmpty }

    /// What nobody has taken note of yet, first things first.
    package var damage: [String] { problems.filter { !$0.isInterruption }.map(\.description) }

    static let mostProblems = 1000

    mutating func add(_ what: String, seq: Int64? = nil, isInterruption: Bool = false) {
        if problems.count < Self.mostProblems {
            problems.append(Problem(seq: seq, what: what, isInterruption: isInterruption))
        } else {
            isCutShort = true
        }
    }

    /// What is wrong with a row that does not say what the events say.
    static func words(ofRow place: Int64, columns: [String]) -> String {
        "row \(place) of the table of deployments was changed: "
            + columns.joined(separator: ", ")
    }

    /// What is wrong with a summary that does not say what the deployments say.
    static func words(ofSummary block: Int64) -> String {
        "the summary of the deployments \(block &* 256 &+ 1) to \(block &* 256 &+ 256) was changed"
    }

    /// Brings problems into the order of the events, those of the whole first.
    mutating func sort() {
        problems = problems.enumerated()
            .sorted { ($0.element.seq ?? 0, $0.offset) < ($1.element.seq ?? 0, $1.offset) }
            .map(\.element)
    }
}
