@testable import Reporting
import Testing

@Suite("Templates")
struct TemplateTests {
    private func render(_ text: String, _ values: TemplateValue = [:]) throws -> String {
        try ReportTemplate(text: "{{% CONTENT_TYPE:TEXT}}\n" + text).render(values)
    }

    private static let people: TemplateValue = [
        "name": "team", "none": .list([]), "off": false, "on": true,
        "people": .list([
            ["name": "ann", "tools": .texts(["a", "b"])], ["tools": .list([])],
        ]),
        "place": ["city": ["name": "Ulm"], "empty": [:]], "count": 0,
    ]

    @Test(
        arguments: [
            ("{{name}} {{count}} {{ name }} {{missing}}.", "team 0 team ."),
            ("{{place.city.name}} {{place.city.none}} {{place.name}}", "Ulm  "),
            ("{{#place}}{{#city}}{{name}}{{/city}}{{/place}}", "Ulm"),
            // Names of the outside are seen inside; once the first part is found the rest is there.
            ("{{#people}}[{{name}}{{#tools}} {{.}}{{/tools}}]{{/people}}", "[ann a b][team]"),
            ("{{#place}}{{empty.name}}{{/place}}", ""),
            ("{{#none}}x{{/none}}{{^none}}no{{/none}}", "no"),
            ("{{#off}}x{{/off}}{{^off}}no{{/off}}{{#on}}yes{{/on}}{{^on}}x{{/on}}", "noyes"),
            ("{{^missing}}no{{/missing}}{{#count}}zero{{/count}}", "nozero"),
            ("a{{! a comment\nof two lines }}b", "ab"),
            ("{{=<% %>=}}<%name%> {{name}}<%={{ }}=%> {{name}}", "team {{name}} team"),
            // Alone on its line a tag leaves no line behind.
            ("a\n  {{#on}}  \nb\n{{/on}}\nc\n", "a\nb\nc\n"),
            ("a\r\n{{#on}}\r\nb\r\n{{/on}}\r\n", "a\r\nb\r\n"),
            ("a\n{{! x }}", "a\n"), ("{{#on}} b {{/on}}\n", " b \n"),
            ("{{#on}}\n{{/on}}", ""), ("x {{#on}}\ny{{/on}}", "x \ny"),
        ]
    )
    func `names, sections, comments and delimiters are those of Mustache`(
        text: String, expected: String
    ) throws {
        #expect(try render(text, Self.people) == expected)
    }

    @Test(
        arguments: [
            ("\n{{#people}}\n", 3, "the section {{#people}} has no end {{/people}}"),
            ("{{^people}}", 2, "the section {{^people}} has no end {{/people}}"),
            ("a\n\n{{/people}}", 4, "{{/people}} ends a section that has not begun"),
            (
                "{{#people}}\n{{#tools}}\n{{/people}}", 4,
                "{{/people}} comes before the end of the section 'tools' of line 3"
            ),
            ("\n\n{{name", 4, "{{ has no }} after it"),
            ("{{{name}}", 2, "{{ has no }}} after it"),
            ("{{}}", 2, "a tag without a name"), ("{{a b}}", 2, "'a b' is not a name"),
            ("{{a..b}}", 2, "'a..b' is not a name"),
            ("{{<parent}}", 2, "{{<parent}} is not supported; see docs/report.md"),
            ("{{$block}}", 2, "{{$block}} is not supported; see docs/report.md"),
            ("{{% CONTENT_TYPE:PDF}}", 2, "'CONTENT_TYPE:PDF' is unknown; "),
            ("{{=<% %>}}", 2, "{{ has no =}} after it"),
            ("{{=<%=}}", 2, "write new delimiters as {{=<% %>=}}"),
            ("{{> nothing}}", 2, "there is no part 'nothing'; there are: "),
        ]
    )
    func `what is wrong is said with its line`(text: String, line: Int, problem: String) throws {
        let error = try #require(throws: TemplateError.self) { try render(text) }
        #expect(error.line == line)
        #expect(error.problem.hasPrefix(problem), "\(error.problem)")
    }

    /// Signs that join what comes before them to one character.
    private static let joining = ["", "\u{301}", "\u{FE0F}", "\u{200D}", "\u{20E3}", "\u{E0101}"]

    @Test(arguments: joining)
    func `whatever follows them, quotes and brackets are escaped in every content type`(
        mark: String
    ) throws {
        let hostile = ["<", ">", "&", "\"", "'"].map { $0 + mark }.joined()
        let escaped =
            ["&lt;", "&gt;", "&amp;", "&quot;", "&#39;"].map { $0 + mark }.joined()
        let values: TemplateValue = ["x": .text(hostile), "list": .texts([hostile])]
        let page = try ReportTemplate(text: "<a title=\"{{x}}\">{{#list}}{{.}}{{/list}}</a>")
        #expect(
            Array(page.render(values).unicodeScalars)
                == Array("<a title=\"\(escaped)\">\(escaped)</a>".unicodeScalars))
        let unescaped = try ReportTemplate(text: "{{{x}}}{{&x}}").render(values)
        #expect(Array(unescaped.unicodeScalars) == Array((hostile + hostile).unicodeScalars))
        let markdown = try ReportTemplate(text: "{{% CONTENT_TYPE:MARKDOWN}}\n{{x}}")
        #expect(!markdown.render(values).unicodeScalars.contains("<"))
    }

    @Test(arguments: joining)
    func `the parts escape as well, and braces before such a sign are still braces`(
        mark: String
    ) throws {
        let row: TemplateValue = [
            "cells": .list([["text": .text("<b\(mark)>\"\(mark)"), "is_number": false]])
        ]
        let values: TemplateValue = [
            "columns": .list([["title": .text("<\(mark)i")]]), "rows": .list([row]),
        ]
        // Also in a template that escapes nothing itself.
        for content in ["HTML", "TEXT", "MARKDOWN"] {
            let text = try ReportTemplate(
                text: "{{% CONTENT_TYPE:\(content)}}\n{{> table.html}}"
            ).render(values)
            // Compared by scalars: as characters a bracket and a mark are one.
            let scalars = Array(text.unicodeScalars)
            for (raw, escaped) in [("<\(mark)i", "&lt;\(mark)i"), ("\"\(mark)", "&quot;\(mark)")] {
                #expect(scalars.firstRange(of: Array(escaped.unicodeScalars)) != nil)
                if !mark.isEmpty {
                    #expect(scalars.firstRange(of: Array(raw.unicodeScalars)) == nil)
                }
            }
        }
        #expect(try render("{{x}}\(mark).", ["x": "y"]) == "y\(mark).")
    }
}
