package import Queries
import SystemCalls

/// A template of a report: one of the program's own in `reports/templates/`, or a team's.
package struct ReportTemplate: Sendable {
    private let template: Template
    /// No template is larger.
    private static let largestFile = 1 << 20

    /// The program's own for Markdown.
    package static func markdown() throws -> ReportTemplate {
        try ReportTemplate(text: EmbeddedTemplates.weeklyMd)
    }

    /// The program's own for a page.
    package static func html() throws -> ReportTemplate {
        try ReportTemplate(text: EmbeddedTemplates.weeklyHtml)
    }

    /// What of the page stands between its head and its foot, for a page that has its own.
    package static func body() throws -> ReportTemplate {
        try ReportTemplate(text: EmbeddedTemplates.weeklyBodyHtml)
    }

    /// How the program's own pages look: a style sheet.
    package static func style() throws -> String {
        try ReportTemplate(text: EmbeddedTemplates.styleCss).render(.object([:]))
    }

    /// One in a file.
    package init(path: String) throws(ReportError) {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try FileSystem.read(path, limit: Self.largestFile)
        } catch {
            throw .unreadable(path: path, reason: error.reason)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .unreadable(path: path, reason: "it is not UTF-8 text")
        }
        do throws(TemplateError) {
            try self.init(text: text)
        } catch {
            throw .unreadable(path: path, reason: "\(error)")
        }
    }

    init(text: String) throws(TemplateError) {
        template = try TemplateParser.parse(text, parts: Self.names)
    }

    private static let names = EmbeddedTemplates.all.map(\.name)

    /// The parts of our templates can be used in others, too.
    private static let parts: [String: Template] = {
        let parsed = EmbeddedTemplates.all.compactMap { part -> (String, Template)? in
            (try? TemplateParser.parse(part.text, parts: names)).map { (part.name, $0) }
        }
        return Dictionary(parsed) { first, _ in first }
    }()

    /// The report in the words of the template.
    package func render(_ report: PeriodReport, links: LinkTemplates = .none) -> String {
        render(ReportModel(report, links: links))
    }

    private func render(_ model: ReportModel) -> String {
        render(.object(model.values))
    }

    func render(_ values: TemplateValue) -> String {
        TemplateRenderer(parts: Self.parts).render(template, values)
    }

    /// The report within a number of bytes: lists and tables become shorter until it fits; nil when
    /// it cannot.
    package func render(
        _ report: PeriodReport, links: LinkTemplates = .none, within bytes: Int
    ) -> String? {
        let whole = render(report, links: links)
        if whole.utf8.count <= bytes { return whole }
        let lengths =
            report.lists.map { $0.total - $0.omitted } + report.breakdowns.map(\.rows.count)
            + [report.comparisons.count]
        var limit = lengths.max() ?? 0
        while limit > 0 {
            limit /= 2
            let shorter = ReportModel(report.shortened(to: limit), links: links, limit: limit)
            let text = render(shorter)
            if text.utf8.count <= bytes { return text }
        }
        return nil
    }
}
