import HTTPTypes
import Hummingbird
import Ledger
import Queries
import Reporting
import SQLite
import Wording

/// All named queries.
struct QueryListPage: Sendable {
    let site: Site
    let request: PageRequest

    func response() throws -> Response {
        let rows = QueryAnswer.queries.map { query -> TemplateValue in
            [
                "name": .text(query.name), "title": .text(query.title),
                "href": .text(request.links.query(query.name)),
                "usage": .text(query.parameters.map(\.usage).joined(separator: " ")),
            ]
        }
        let body = try PageTemplates.html("queries.html", ["rows": .list(rows)])
        return try PageFrame(site: site, request: request).response(
            Page(
                title: "Queries", body: body, place: .queries,
                command: "deploystats query list"))
    }
}

/// One named query as a form, with its answer below.
struct QueryPage: Sendable {
    let site: Site
    let request: PageRequest
    let query: NamedQuery

    /// - Throws: `Problem`, where there is none of that name.
    init(_ site: Site, _ request: PageRequest, _ name: String) throws(Problem) {
        guard let query = QueryAnswer.queries.first(where: { $0.name == name }) else {
            throw .notFound(
                "\(ReportError.noSuchQuery(name, known: QueryAnswer.queries.map(\.name)))")
        }
        self.site = site
        self.request = request
        self.query = query
    }

    func response() async throws -> Response {
        var answer: QueryAnswer?
        var problem: Problem?
        if isAsked {
            do { answer = try await ask() } catch let error as Problem { problem = error }
        }
        let body = try PageTemplates.html("query.html", values(answer, problem))
        var response = try PageFrame(site: site, request: request).response(
            Page(title: query.title, body: body, place: .queries, command: command))
        if let problem { response.status = problem.status }
        return response
    }

    /// Days of a window follow from it.
    private var parameters: [NamedQuery.Parameter] {
        query.parameters.filter { $0.type != .days }
    }

    /// Whether everything that it needs was given.
    private var isAsked: Bool {
        parameters.allSatisfy { $0.isOptional || request[$0.name] != nil }
    }

    private var given: [(String, String)] {
        parameters.flatMap { parameter in request.all(parameter.name).map { (parameter.name, $0) } }
    }

    private func ask() async throws -> QueryAnswer {
        let asked = try QueryAnswer.Asked(
            query, AddressQuery(request.query), zone: request.zone, .json)
        let longest = site.options.limits.queryUs
        return try await site.ledger.read(.queries, within: longest) { reader in
            try QueryAnswer(asked, reader.connection, within: longest)
        }
    }

    private var command: String {
        let values = given.flatMap { ["--param", "\($0)=\($1)"] }
        return ShellText.quoted(["deploystats", "query", query.name] + values)
    }

    private func values(_ answer: QueryAnswer?, _ problem: Problem?) -> [String: TemplateValue] {
        let links = request.links
        let table = answer.map {
            TemplateValue.object(
                PageTable(links: links, zone: request.zone).values($0.table, title: query.title))
        }
        func document(_ format: String) -> TemplateValue {
            .text(links.to(["api", "admin", "queries", query.name], given + [("format", format)]))
        }
        return [
            "title": .text(query.title), "about": .text(query.about), "name": .text(query.name),
            "action": .text(links.query(query.name)), "fields": .list(parameters.map(field)),
            "has_fields": .flag(!parameters.isEmpty),
            "tz_fields": PageFrame.hidden(["tz": links.zone]),
            "problem": .outside(problem?.detail), "table": table ?? false,
            "count": .text(PluralText.text(answer?.rows.count ?? 0, "row")),
            "is_cut": .flag(answer?.isCut ?? false),
            "csv": document("csv"), "json": document("json"), "sql": .text(query.sql),
            "columns": .list(
                query.columns.map { ["name": .text($0.key), "about": .text($0.about)] }),
            "all": .text(links.to(["super-admin", "queries"])),
        ]
    }

    private func field(_ parameter: NamedQuery.Parameter) -> TemplateValue {
        [
            "name": .text(parameter.name), "about": .text(parameter.about),
            "value": .text((request[parameter.name] ?? "").escapedForTerminal),
            "is_required": .flag(!parameter.isOptional),
            "hint": .text(hint(parameter)),
        ]
    }

    private func hint(_ parameter: NamedQuery.Parameter) -> String {
        switch parameter.type {
        case .time: "2026-09-18, -2h, yesterday"
        case .duration: "5m, 1h30m"
        case .integer: parameter.usual.map(String.init) ?? ""
        case .number, .deployment: "42"
        default: ""
        }
    }
}

extension Links {
    /// A named query.
    func query(_ name: String) -> String { to(["super-admin", "queries", name]) }
}
