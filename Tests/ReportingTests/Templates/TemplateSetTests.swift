import Reporting
import Testing

@Suite("Sets of templates")
struct TemplateSetTests {
    private static func html(_ text: String) -> String { "{{% CONTENT_TYPE:HTML }}\n" + text }

    private static func set(_ templates: KeyValuePairs<String, String>) throws -> TemplateSet {
        try TemplateSet(templates.map { (name: $0, text: html($1)) })
    }

    @Test func `name each other in any order, each escaping by its own rule`() throws {
        let set = try TemplateSet([
            ("page", Self.html("<{{> part}}{{> plain}}>")), ("part", Self.html("{{text}}")),
            ("plain", "{{% CONTENT_TYPE:TEXT }}\n{{text}}"),
        ])
        let hostile: TemplateValue = "\"\u{301}"
        let expected = "<&quot;\u{301}\"\u{301}>"
        let rendered = try #require(set.render("page", ["text": hostile]))
        #expect(rendered.text == expected)
        #expect(rendered.missing.isEmpty)
    }

    @Test func `an unknown one has no text`() throws {
        let set = try Self.set(["page": "a"])
        #expect(set.render("pages", [:]) == nil)
        #expect(set.render("", [:]) == nil)
        #expect(set.render("page", [:])?.text == "a")
        #expect(try TemplateSet([]).render("page", [:]) == nil)
    }

    @Test func `names that no value has are told, also of parts, and show nothing`() throws {
        let set = try Self.set([
            "page": "[{{a}}{{b}}{{#c}}x{{/c}}{{^d}}none{{/d}}{{#list}}{{e}}{{/list}}{{> part}}]",
            "part": "{{f}}{{a.g}}",
        ])
        let rendered = try #require(
            set.render("page", ["a": ["x": 1], "list": .list([["e": "1"], [:]])]))
        #expect(rendered.text == "[none1]")
        #expect(rendered.missing == ["b", "c", "d", "e", "f", "a.g"])
    }

    @Test func `what is false or empty is not missing, nor is what is left out with it`() throws {
        let set = try Self.set([
            "page":
                "{{#off}}{{inside}}{{/off}}{{#none}}{{inside}}{{/none}}{{^on}}{{inside}}{{/on}}."
        ])
        let rendered = try #require(
            set.render("page", ["off": false, "none": .list([]), "on": true]))
        #expect(rendered.text == ".")
        #expect(rendered.missing.isEmpty)
    }

    @Test func `a part that is not there is an error that names those that are`() throws {
        let error = #expect(throws: TemplateError.self) {
            try Self.set(["page": "a\n{{> prat}}", "part": "b"])
        }
        #expect(error?.description == "line 3: there is no part 'prat'; there are: page, part")
    }
}
