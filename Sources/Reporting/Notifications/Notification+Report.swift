package import Notifications
import Queries
import SystemCalls

extension Notification {
    /// How many links a message has at most.
    private static let mostLinks = 5

    /// Of a report, in the words of the short template or of a team's.
    ///
    /// - Parameter ledger: the path of the ledger.
    package init(
        _ report: PeriodReport, template: ReportTemplate?, links: LinkTemplates, ledger: String
    ) throws {
        let short = try template ?? ReportTemplate(text: EmbeddedTemplates.shortTxt)
        let failures = report.lists.first { $0.key == "failures" }
        let found = failures.map { Self.links($0, links) } ?? []
        self.init(
            kind: .report, status: report.attention.isEmpty ? "ok" : "attention",
            summary: ReportMail.subject(report),
            text: Self.withoutEnd(short.render(report, links: links)),
            links: Array(found.prefix(Self.mostLinks)), at: report.period.now.rfc3339,
            host: Machine.hostName, ledger: ledger)
    }

    /// The deployments of a list that lead somewhere.
    private static func links(_ list: ReportList, _ templates: LinkTemplates) -> [Link] {
        guard let column = list.columns.firstIndex(where: { $0.name == "number" }) else {
            return []
        }
        return zip(list.rows, list.links(templates)).compactMap { row, addresses in
            guard let number = row.integer("number"), let address = addresses[column] else {
                return nil
            }
            return Link(title: "#\(number)", address: address)
        }
    }

    private static func withoutEnd(_ text: String) -> String {
        var text = text[...]
        while text.last == "\n" { text.removeLast() }
        return String(text)
    }
}
