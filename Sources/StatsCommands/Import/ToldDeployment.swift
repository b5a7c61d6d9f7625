import FoundationEssentials
import Ledger
import Wording

/// One line of the format for imports, version 1, which docs/import-format.md describes.
struct ToldDeployment {
    /// What it tells.
    let run: ImportedRun

    /// What is wrong with a line.
    struct Flaw: Error, Equatable {
        let words: String
    }

    /// The members of a line.
    enum Field: String, CaseIterable {
        case format, source, key, host, outcome, reason, actor, tier, sha, ref, attempt, event
        case workflow
        case startedAt = "started_at"
        case endedAt = "ended_at"
        case runURL = "run_url"
        case committedAt = "committed_at"
    }

    /// The version of the format that this program reads.
    static let format: Int64 = 1
    /// How something that was deployed elsewhere can have ended.
    static let outcomes: [Outcome] = [.succeeded, .failed, .cancelled, .skipped, .timedOut]

    init(_ line: some Sequence<UInt8>) throws(Flaw) {
        let members = try Members(line)
        switch members[.format] {
        case .integer(Self.format)?: break
        case .integer(let other)?:
            throw Flaw(words: "'format' is \(other); this version reads format \(Self.format)")
        case nil: throw Flaw(words: "'format' is missing")
        default: throw Flaw(words: "'format' is not a number")
        }
        try members.assertKnown()
        let source = try members.required(.source)
        let host = try members.required(.host)
        guard let ended = try members.time(.endedAt) else {
            throw Flaw(words: "'ended_at' is missing")
        }
        let started = try members.time(.startedAt)
        if let started, started > ended { throw Flaw(words: "'ended_at' is before 'started_at'") }
        let outcome = try members.outcome()
        let attempt = try members.attempt()
        let key = try members.text(.key) ?? members.everything
        var run = ImportedRun(
            ImportedRun.Identity(source: source, key: key, atUs: started ?? ended), host: host,
            endedAtUs: ended, ranUs: started.map { ended - $0 }, outcome: outcome)
        run.source = source
        run.attempt = attempt
        run.reason = try members.text(.reason)
        run.actor = try members.text(.actor)
        run.tier = try members.text(.tier)
        run.sha = try members.text(.sha)
        run.ref = try members.text(.ref)
        run.runURL = try members.text(.runURL)
        run.runEvent = try members.text(.event)
        run.workflow = try members.text(.workflow)
        run.committedAtUs = try members.time(.committedAt)
        self.run = run
    }
}

/// The members of one object, whatever they are.
private struct Members {
    enum Value: Decodable {
        case text(String)
        case integer(Int64)
        case null
        case other

        init(from decoder: any Decoder) throws {
            guard let value = try? decoder.singleValueContainer() else {
                self = .other
                return
            }
            if value.decodeNil() {
                self = .null
            } else if let text = try? value.decode(String.self) {
                self = .text(text)
            } else if let number = try? value.decode(Int64.self) {
                self = .integer(number)
            } else {
                self = .other
            }
        }
    }

    private let values: [String: Value]

    init(_ line: some Sequence<UInt8>) throws(ToldDeployment.Flaw) {
        guard let values = try? JSONDecoder().decode([String: Value].self, from: Data(line)) else {
            throw ToldDeployment.Flaw(words: "it is not one JSON object")
        }
        self.values = values.filter { if case .null = $0.value { false } else { true } }
    }

    subscript(_ field: ToldDeployment.Field) -> Value? { values[field.rawValue] }

    func assertKnown() throws(ToldDeployment.Flaw) {
        let known = ToldDeployment.Field.allCases.map(\.rawValue)
        guard let wrong = values.keys.sorted().first(where: { !known.contains($0) }) else { return }
        throw ToldDeployment.Flaw(
            words: "unknown field '\(wrong)'" + NearMiss.question(wrong, among: known))
    }

    func text(_ field: ToldDeployment.Field) throws(ToldDeployment.Flaw) -> String? {
        switch self[field] {
        case .text(let text)?:
            if text.isEmpty { throw ToldDeployment.Flaw(words: "'\(field.rawValue)' is empty") }
            return text
        case nil: return nil
        default: throw ToldDeployment.Flaw(words: "'\(field.rawValue)' is not a text")
        }
    }

    func required(_ field: ToldDeployment.Field) throws(ToldDeployment.Flaw) -> String {
        guard let text = try text(field) else {
            throw ToldDeployment.Flaw(words: "'\(field.rawValue)' is missing")
        }
        return text
    }

    func time(_ field: ToldDeployment.Field) throws(ToldDeployment.Flaw) -> Int64? {
        guard let text = try text(field) else { return nil }
        guard let time = RFC3339.microseconds(of: text) else {
            throw ToldDeployment.Flaw(
                words: "'\(field.rawValue)' is not a time such as 2026-11-23T10:31:02Z: '\(text)'")
        }
        return time
    }

    func outcome() throws(ToldDeployment.Flaw) -> Outcome {
        let word = try required(.outcome)
        let known = ToldDeployment.outcomes
        if let outcome = known.first(where: { $0.rawValue == word }) { return outcome }
        let words = known.map(\.rawValue)
        throw ToldDeployment.Flaw(
            words: "'outcome' is '\(word)', not one of \(words.joined(separator: ", "))"
                + NearMiss.question(word, among: words))
    }

    func attempt() throws(ToldDeployment.Flaw) -> Int64? {
        switch self[.attempt] {
        case .integer(let number)? where number > 0: return number
        case nil: return nil
        default: throw ToldDeployment.Flaw(words: "'attempt' is not a number from 1")
        }
    }

    /// What tells a line without a key from all others.
    var everything: String {
        values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n")
    }
}
