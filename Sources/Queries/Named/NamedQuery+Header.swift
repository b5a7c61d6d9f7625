extension NamedQuery {
    /// Reads the header of a query's text.
    package init(name: String, sql: String) throws(ReportError) {
        var title: String?
        var usedBy: String?
        var about: [String] = []
        var parameters: [Parameter] = []
        var columns: [Column] = []
        var rest = sql[...]
        var index = -1
        // No further than the header: most of a file is SQL.
        while rest.utf8.starts(with: "--".utf8) {
            let line = rest[..<(rest.utf8.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex)]
            rest = rest[line.endIndex...].dropFirst()
            index += 1
            let text = Self.trimmed(line.dropFirst(2))
            func malformed(_ problem: String) -> ReportError {
                .malformedHeader(query: name, line: index + 1, problem: problem)
            }
            if text.hasPrefix("title:") {
                title = String(Self.trimmed(text.dropFirst("title:".count)))
            } else if text.hasPrefix("used by:") {
                usedBy = String(Self.trimmed(text.dropFirst("used by:".count)))
            } else if text.hasPrefix("param ") {
                guard let declared = Self.declaration(text) else {
                    throw malformed("expected 'param NAME TYPE: what it means'")
                }
                parameters.append(
                    Parameter(
                        name: declared.name, type: declared.type, isOptional: declared.isOptional,
                        usual: declared.usual, about: declared.about))
            } else if text.hasPrefix("column ") {
                guard let declared = Self.declaration(text), !declared.isOptional,
                    declared.usual == nil
                else {
                    throw malformed("expected 'column NAME TYPE: what it means'")
                }
                columns.append(
                    Column(name: declared.name, type: declared.type, about: declared.about))
            } else if !text.isEmpty {
                about.append(String(text))
            }
        }
        guard let title, !title.isEmpty else {
            throw .malformedHeader(query: name, line: 1, problem: "expected '-- title: …'")
        }
        self.init(
            name: name, title: title, usedBy: usedBy, about: about.joined(separator: " "),
            parameters: parameters, columns: columns, sql: sql)
    }

    private static func declaration(
        _ text: Substring
    ) -> (name: String, type: ValueType, isOptional: Bool, usual: Int64?, about: String)? {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let words = text[..<colon].split(separator: " ")
        let usual = words.count == 5 && words[3] == "=" ? Int64(words[4]) : nil
        guard words.count == 3 || usual != nil else { return nil }
        let isOptional = words[2].last == "?"
        guard let type = ValueType(rawValue: String(isOptional ? words[2].dropLast() : words[2]))
        else { return nil }
        let about = trimmed(text[text.index(after: colon)...])
        return (String(words[1]), type, isOptional, usual, String(about))
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var rest = text.drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
