package import JSON
package import SQLite

/// The values somebody gave a query, by the names of its parameters.
package struct GivenValues: Sendable {
    private let query: NamedQuery
    private var given: [String: [String]] = [:]

    /// Begins with none.
    package init(for query: NamedQuery) { self.query = query }

    /// The parameters that have no value yet, in the declared order.
    package var open: [NamedQuery.Parameter] {
        query.parameters.filter { given[$0.name] == nil }
    }

    /// Takes one more value; of a parameter that is no list, `values` refuses a second one.
    ///
    /// - Returns: false when the query has no parameter of that name.
    package mutating func add(_ value: String, to name: String) -> Bool {
        guard query.parameters.contains(where: { $0.name == name }) else { return false }
        given[name, default: []].append(value)
        return true
    }

    /// The values as the SQL takes them, by name.
    package func values(now: Instant, zone: Zone) throws(ReportError) -> [String: Value] {
        let reader = ParameterReader(now: now, zone: zone)
        var values: [String: Value] = [:]
        for parameter in query.parameters {
            guard let texts = given[parameter.name] else { continue }
            values[parameter.name] = try reader.value(texts, for: parameter, of: query)
        }
        for parameter in query.parameters where parameter.type == .days {
            guard given[parameter.name] == nil else { continue }
            values[parameter.name] = try reader.days(
                since: values["since"], until: values["until"], of: query)
        }
        return values
    }

    /// The values as they were given.
    package var json: JSONValue {
        .object(
            query.parameters.compactMap { parameter in
                given[parameter.name].map { texts in
                    (
                        parameter.name,
                        parameter.type == .list
                            ? .array(texts.map { .string($0) }) : .string(texts.last ?? "")
                    )
                }
            })
    }
}

extension NamedQuery {
    /// How many rows it has at most by itself; nil when it does not say, or is asked for all.
    package func limit(in values: [String: Value]) -> Int64? {
        guard let usual = parameters.first(where: { $0.name == "limit" })?.usual else { return nil }
        let limit = values["limit"]?.integer ?? usual
        return limit >= 0 && limit < .max ? limit : nil
    }
}
