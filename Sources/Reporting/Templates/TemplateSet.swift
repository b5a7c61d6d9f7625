/// Templates that can name each other.
package struct TemplateSet: Sendable {
    private let templates: [String: Template]

    /// Reads templates.
    ///
    /// - Throws: what is wrong with the first that cannot be read.
    package init(_ files: [(name: String, text: String)]) throws(TemplateError) {
        let names = files.map(\.name)
        var templates: [String: Template] = [:]
        for file in files {
            templates[file.name] = try TemplateParser.parse(file.text, parts: names)
        }
        self.templates = templates
    }

    /// The text of a template, nil when there is none of that name, and the names in it that no
    /// value has.
    package func render(
        _ name: String, _ values: [String: TemplateValue]
    ) -> (text: String, missing: [String])? {
        guard let template = templates[name] else { return nil }
        var missing: [String] = []
        let renderer = TemplateRenderer(parts: templates) { missing.append($0) }
        let text = renderer.render(template, .object(values))
        return (text, missing)
    }
}
