/// Puts values into a template.
struct TemplateRenderer {
    /// The templates that others can name.
    let parts: [String: Template]
    /// Told each name that no value has.
    var onMissing: (String) -> Void = { _ in }

    /// The text of a template with these values.
    func render(_ template: Template, _ values: TemplateValue) -> String {
        render(template.parts, [values], template.content)
    }

    /// - Parameter stack: the values of the sections around, the innermost last.
    private func render(
        _ parts: [Template.Part], _ stack: [TemplateValue], _ content: Template.Content
    ) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .text(let literal): text += literal
            case .value(let name, let isEscaped):
                let value = known(name, stack)?.text ?? ""
                text += isEscaped ? content.escaped(value) : value
            case .section(let name, let isInverted, let inner):
                let values = Self.occurrences(known(name, stack))
                if isInverted {
                    if values.isEmpty { text += render(inner, stack, content) }
                } else {
                    for value in values { text += render(inner, stack + [value], content) }
                }
            case .partial(let name, let indent):
                guard let partial = self.parts[name] else { continue }
                let inner = render(partial.parts, stack, partial.content)
                text += indent.isEmpty ? inner : Self.indented(inner, indent)
            }
        }
        return text
    }

    /// What a section is rendered with: every one of a list, itself, or nothing.
    private static func occurrences(_ value: TemplateValue?) -> [TemplateValue] {
        switch value {
        case nil, .flag(false): []
        case .list(let values): values
        case let value?: [value]
        }
    }

    private func known(_ name: Template.Name, _ stack: [TemplateValue]) -> TemplateValue? {
        let value = find(name, stack)
        if value == nil { onMissing(name.text) }
        return value
    }

    private func find(_ name: Template.Name, _ stack: [TemplateValue]) -> TemplateValue? {
        guard let first = name.path.first else { return stack.last }
        for values in stack.reversed() {
            guard let found = values.member(first) else { continue }
            // Once the first name is found the others belong to it.
            return name.path.dropFirst().reduce(Optional(found)) { $0?.member($1) }
        }
        return nil
    }

    private static func indented(_ text: String, _ indent: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().map { index, line in
            index == lines.count - 1 && line.isEmpty ? "" : indent + line
        }.joined(separator: "\n")
    }
}
