import Queries

/// A text with places for values: the part of Mustache that `docs/report.md` lists.
///
/// Source: <https://mustache.github.io/mustache.5.html>
struct Template: Sendable {
    /// How values are escaped.
    enum Content: String, Sendable, CaseIterable {
        case html = "HTML"
        case markdown = "MARKDOWN"
        case text = "TEXT"

        func escaped(_ text: String) -> String {
            switch self {
            case .html: text.escapedForHTML
            case .markdown: MarkdownText.escaped(text)
            case .text: text
            }
        }
    }

    /// A piece of it.
    indirect enum Part: Sendable {
        case text(String)
        /// A value, escaped or as it is.
        case value(Name, isEscaped: Bool)
        /// For every one of a list, or once when there is a value; inverted, when there is none.
        case section(Name, isInverted: Bool, parts: [Part])
        /// Another template in its place, its lines moved to the right.
        case partial(String, indent: String)
    }

    /// Where a value is: names joined by dots; empty for the value itself, `{{.}}`.
    struct Name: Hashable, Sendable {
        let path: [String]

        var text: String { path.isEmpty ? "." : path.joined(separator: ".") }
    }

    let content: Content
    let parts: [Part]
}

/// What is wrong with a template, and where.
package struct TemplateError: Error, Hashable, CustomStringConvertible {
    /// Counted from 1.
    package let line: Int
    /// What it is, in words.
    package let problem: String

    package var description: String { "line \(line): \(problem)" }
}
