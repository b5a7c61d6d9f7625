import JSON
package import SQLite
import Wording

/// Reading the value of a parameter from what a person typed.
package struct ParameterReader: Sendable {
    private let times: TimeExpression
    private let now: Instant
    private let zone: Zone

    /// A reader that understands times against that clock and zone.
    package init(now: Instant, zone: Zone) {
        times = TimeExpression(now: now, zone: zone)
        self.now = now
        self.zone = zone
    }

    /// Where the days of a window begin; more of them before than a query may need when it is open.
    package func days(
        since: Value?, until: Value?, of query: NamedQuery
    ) throws(ReportError) -> Value {
        let until = until?.integer ?? now.microseconds
        let since = since?.integer ?? until - 31 * Zone.day
        guard until.subtractingReportingOverflow(since).partialValue / Zone.day < Self.mostDays
        else {
            throw .wrongParameters(
                query: query.name, problem: "the window has more than \(Self.mostDays) days")
        }
        let days = zone.days(
            since: Instant(microseconds: since), until: Instant(microseconds: until))
        return .text(JSONValue.array(days.map { .integer($0.microseconds) }).line)
    }

    /// A century and more.
    private static let mostDays: Int64 = 50_000

    /// The value as the query's SQL takes it.
    ///
    /// - Parameter texts: what was given for it; several only for a list.
    package func value(
        _ texts: [String], for parameter: NamedQuery.Parameter, of query: NamedQuery
    ) throws(ReportError) -> Value {
        guard let text = texts.last else { return .null }
        func wrong(_ problem: String) -> ReportError {
            .wrongParameters(query: query.name, problem: "\(parameter.name) \(problem)")
        }
        if parameter.type == .list {
            return .text(JSONValue.array(texts.map { .string($0) }).line)
        }
        if texts.count > 1 { throw wrong("is given twice") }
        let shown = "'\(text.escapedForTerminal)'"
        switch parameter.type {
        case .time:
            do { return .integer(try times.resolve(text).microseconds) } catch {
                throw wrong("must be a time: \(error)")
            }
        case .duration:
            // A stretch around a moment is written ±30m.
            let amount = text.first == "±" ? String(text.dropFirst()) : text
            guard let length = DurationText.parse(option: amount) else {
                throw wrong("must be a duration such as 90s, 5m or 1h30m, not \(shown)")
            }
            return .integer(length)
        case .integer, .number:
            let digits = text.first == "#" ? String(text.dropFirst()) : text
            guard let number = Int64(digits) else {
                throw wrong("must be a whole number, not \(shown)")
            }
            return .integer(number)
        case .real, .ratio:
            guard let number = Double(text), number.isFinite else {
                throw wrong("must be a number, not \(shown)")
            }
            return .real(number)
        case .deployment:
            return .text(text)
        case .words, .json, .days:
            guard JSONText.isValid(text) else { throw wrong("must be JSON, not \(shown)") }
            return .text(text)
        case .text, .hash, .list: return .text(text)
        }
    }
}

extension NamedQuery.Parameter {
    /// What one types for it, such as `TIME`, in brackets when it may be left out.
    package var usage: String {
        isOptional ? "[\(name.uppercased())]" : name.uppercased()
    }
}
