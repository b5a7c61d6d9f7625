import CommandSupport
import JSON
import Queries
import Reporting
import SQLite
import Wording

/// The values a person gave a query, matched with its parameters.
struct QueryValues {
    /// Words that do not fit the query's parameters.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    private let query: NamedQuery
    private var given: GivenValues

    /// Matches words in the declared order, `--NAME VALUE` and `NAME=VALUE`.
    ///
    /// - Parameters:
    ///   - words: what stood behind the query's name, options of the tool taken out.
    ///   - named: the values of `--param`.
    init(words: [String], named: [String], for query: NamedQuery) throws(Problem) {
        self.query = query
        given = GivenValues(for: query)
        for text in named {
            guard let split = text.firstIndex(of: "=") else {
                throw Problem(description: "--param requires NAME=VALUE, not '\(text)'")
            }
            try add(String(text[text.index(after: split)...]), to: String(text[..<split]))
        }
        var positional: [String] = []
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--"), word.count > 2 else {
                if word != "--" { positional.append(word) }
                continue
            }
            let option = word.dropFirst(2)
            let split = option.firstIndex(of: "=")
            let name = String(option[..<(split ?? option.endIndex)])
            guard query.parameters.contains(where: { $0.name == name }) else {
                let known = query.parameters.map(\.name) + QueryRunCommand.optionNames
                throw Problem(
                    description: "unknown option '--\(name)'; \(Self.list(of: query))"
                        + NearMiss.question(
                            "--\(name)",
                            among: known.map { $0.hasPrefix("-") ? $0 : "--\($0)" }))
            }
            if let split {
                try add(String(option[option.index(after: split)...]), to: name)
            } else if let value = rest.popFirst() {
                try add(value, to: name)
            } else {
                throw Problem(description: "--\(name) requires a value")
            }
        }
        var open = given.open[...]
        for value in positional {
            guard let parameter = open.popFirst() else {
                throw Problem(
                    description: "unexpected value '\(value)'; \(Self.list(of: query))")
            }
            try add(value, to: parameter.name)
        }
        if let missing = open.first(where: { !$0.isOptional }) {
            throw Problem(
                description: "the query \(query.name) requires \(missing.name.uppercased()): "
                    + missing.about)
        }
    }

    /// The values as the SQL takes them, by name.
    func values(now: Instant, zone: Zone) throws(ReportError) -> [String: Value] {
        try given.values(now: now, zone: zone)
    }

    /// The values as they were given.
    var json: JSONValue { given.json }

    private mutating func add(_ value: String, to name: String) throws(Problem) {
        guard given.add(value, to: name) else {
            throw Problem(
                description: "unknown value '\(name)'; \(Self.list(of: query))")
        }
    }

    private static func list(of query: NamedQuery) -> String {
        if query.parameters.isEmpty { return "the query \(query.name) takes no values" }
        let usage = query.parameters.map(\.usage).joined(separator: " ")
        return "the query \(query.name) takes \(usage)"
    }
}
