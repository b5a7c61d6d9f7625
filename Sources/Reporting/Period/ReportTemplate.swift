import Mustache
package import Queries
import SystemCalls
import Wording

/// A template of a report: one of the program's own in `reports/templates/`, or a team's.
package struct ReportTemplate: Sendable {
    private let library: MustacheLibrary
    private static let name = "the report"
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
        do { try self.init(text: text) } catch let error as MustacheTemplate.ParserError {
            let place = error.context.lineNumber
            throw .unreadable(
                path: path, reason: "line \(place) is not valid Mustache: \(error.error)")
        } catch {
            throw .unreadable(path: path, reason: "it is not a Mustache template: \(error)")
        }
    }

    private init(text: String) throws {
        MustacheContentTypes.register(MarkdownContent(), named: "MARKDOWN")
        var library = MustacheLibrary()
        // The parts of our templates can be used in others, too.
        for template in EmbeddedTemplates.all {
            try library.register(template.text, named: template.name)
        }
        try library.register(text, named: Self.name)
        self.library = library
    }

    /// The report in the words of the template.
    package func render(_ report: PeriodReport) -> String {
        render(ReportModel(report))
    }

    private func render(_ model: ReportModel) -> String {
        library.render(model.values, withTemplate: Self.name) ?? ""
    }

    /// The report within a number of bytes: lists and tables become shorter until it fits; nil when
    /// it cannot.
    package func render(_ report: PeriodReport, within bytes: Int) -> String? {
        let whole = render(report)
        if whole.utf8.count <= bytes { return whole }
        let lengths =
            report.lists.map { $0.total - $0.omitted } + report.breakdowns.map(\.rows.count)
            + [report.comparisons.count]
        var limit = lengths.max() ?? 0
        while limit > 0 {
            limit /= 2
            let text = render(ReportModel(report.shortened(to: limit), limit: limit))
            if text.utf8.count <= bytes { return text }
        }
        return nil
    }
}

/// The content type of Markdown templates, `{{% CONTENT_TYPE:MARKDOWN}}`.
package struct MarkdownContent: MustacheContentType {
    func escapeText(_ text: String) -> String { MarkdownText.escaped(text) }
}
