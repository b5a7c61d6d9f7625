/// A query in a file of `reports/`: its SQL, and what its header says of it.
///
/// The header is the comment the file begins with. `-- title: …` names the query; `-- used by: …`
/// says which command asks it, when nobody is expected to; `-- param NAME TYPE: …` declares a
/// parameter, in order, with `?` behind the type when it may be left out, and `= 100` behind that when
/// the SQL then uses 100;
/// `-- column NAME TYPE: …` declares a column. Every other line of it describes the query. The SQL
/// refers to a parameter as `:NAME`, so the file runs in the `sqlite3` shell after
/// `.param set :NAME VALUE`.
package struct NamedQuery: Sendable {
    /// What a value is, for reading it from a command line and for showing it.
    package enum ValueType: String, Sendable, CaseIterable {
        /// A text.
        case text
        /// A whole number.
        case integer
        /// A number.
        case real
        /// A part of a whole, between 0 and 1; people see a percentage.
        case ratio
        /// The number of a deployment, which the ledger has to know.
        case number
        /// The number of a deployment, or its id as a text; the ledger has to know it.
        case deployment
        /// A moment in UTC microseconds since 1970.
        case time
        /// A length of time in microseconds.
        case duration
        /// A JSON array of moments at which the days of a window begin; nobody needs to give it.
        case days
        /// A JSON array of texts, to select by.
        case list
        /// A JSON array of texts, to show as a command.
        case words
        /// Any JSON.
        case json
        /// The hash of an event in hexadecimal.
        case hash
    }

    /// A parameter.
    package struct Parameter: Hashable, Sendable {
        /// Its name, without the colon.
        package let name: String
        /// What it takes.
        package let type: ValueType
        /// Whether it may be left out.
        package let isOptional: Bool
        /// What the SQL takes for it when it is left out, where the header says so.
        package var usual: Int64? = nil
        /// What it means.
        package let about: String
    }

    /// A column of the result.
    package struct Column: Hashable, Sendable {
        /// Its name.
        package let name: String
        /// What it holds.
        package let type: ValueType
        /// What it means.
        package let about: String
    }

    /// Its name: the file's, without `.sql`.
    package let name: String
    /// A few words that name it for people.
    package let title: String
    /// The command that asks it, such as `deploystats metrics`; nil for one that people ask.
    package let usedBy: String?
    /// What it answers.
    package let about: String
    /// The parameters in the declared order.
    package let parameters: [Parameter]
    /// The columns in order; empty when the header declares none, which leaves names and meanings
    /// to the statement.
    package let columns: [Column]
    /// The whole file.
    package let sql: String
}

extension NamedQuery {
    /// The files of `reports/`, for people, and of `reports/internal/`, which the program asks.
    private static let files = (EmbeddedReports.all + EmbeddedInternalReports.all)
        .sorted { $0.name < $1.name }

    /// The names of all queries.
    package static var names: [String] { files.map(\.name) }

    /// All queries of the folder `reports/`, in the order of their names.
    package static func all() throws(ReportError) -> [NamedQuery] {
        var queries: [NamedQuery] = []
        for name in names { queries.append(try named(name)) }
        return queries
    }

    /// The query of that name.
    package static func named(_ name: String) throws(ReportError) -> NamedQuery {
        guard let report = files.first(where: { $0.name == name }) else {
            let forPeople = try all().filter { $0.usedBy == nil }.map(\.name)
            throw ReportError.noSuchQuery(name, known: forPeople + names)
        }
        return try NamedQuery(name: report.name, sql: report.text)
    }

    /// A statement of somebody's own, without a header: no parameters, columns as it has them.
    package init(statement sql: String) {
        self.init(
            name: Self.ownStatement, title: "SQL", usedBy: nil,
            about: "A statement of somebody's own.",
            parameters: [], columns: [], sql: sql)
    }

    /// What such a statement is called.
    static let ownStatement = "sql"

    /// The same with columns of these names, whose values are shown as they are stored.
    package func with(columns names: [String]) -> NamedQuery {
        NamedQuery(
            name: name, title: title, usedBy: usedBy, about: about, parameters: parameters,
            columns: names.map { Column(name: $0, type: .text, about: "") }, sql: sql)
    }
}
