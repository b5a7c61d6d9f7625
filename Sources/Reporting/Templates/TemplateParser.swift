import Wording

/// Reads a template.
struct TemplateParser {
    private let text: [Unicode.Scalar]
    /// The names of the templates that it can name.
    private let parts: [String]
    private var place = 0
    private var opening = Array("{{".unicodeScalars)
    private var closing = Array("}}".unicodeScalars)
    private var content = Template.Content.html
    /// Those whose end has not come yet, and the whole.
    private var open: [Open] = [Open(tag: nil, line: 0, isInverted: false)]

    private struct Open {
        let tag: Template.Name?
        let line: Int
        let isInverted: Bool
        var parts: [Template.Part] = []
    }

    private init(_ text: String, parts: [String]) {
        self.text = Array(text.unicodeScalars)
        self.parts = parts
    }

    /// - Parameter parts: the names of the templates that it can name.
    static func parse(_ text: String, parts: [String]) throws(TemplateError) -> Template {
        var parser = TemplateParser(text, parts: parts)
        try parser.parse()
        if parser.open.count > 1, let last = parser.open.last, let tag = last.tag {
            let sign = last.isInverted ? "^" : "#"
            throw TemplateError(
                line: last.line,
                problem: "the section {{\(sign)\(tag.text)}} has no end {{/\(tag.text)}}")
        }
        return Template(content: parser.content, parts: parser.open[0].parts)
    }

    private mutating func parse() throws(TemplateError) {
        while let start = find(opening, from: place) {
            let tag = try tag(at: start)
            var before = text[place..<start]
            var indent = ""
            place = tag.end
            // Alone on its line, such a tag leaves no line behind.
            if tag.standsAlone, let line = lineAround(start, tag.end) {
                indent = String(scalars: text[line.lowerBound..<start])
                before = before[..<max(line.lowerBound, before.startIndex)]
                place = line.upperBound
            }
            add(before)
            try add(tag, indent: indent)
        }
        add(text[place...])
    }

    private struct Tag {
        let sign: Unicode.Scalar?
        let body: String
        let line: Int
        let end: Int

        /// Whether it shows nothing itself.
        var standsAlone: Bool { sign.map { "#^/>!=%".unicodeScalars.contains($0) } ?? false }
    }

    /// Signs before a name; those that Mustache knows besides are named in the error.
    private static let signs = Set("#^/>!=%{&<$*".unicodeScalars)

    private func tag(at start: Int) throws(TemplateError) -> Tag {
        let line = 1 + text[..<start].count { $0 == "\n" }
        var inner = start + opening.count
        let first = inner < text.count ? text[inner] : nil
        let sign = first.flatMap { Self.signs.contains($0) ? $0 : nil }
        if sign != nil { inner += 1 }
        // Such a tag ends with the sign again.
        let extra: [Unicode.Scalar] = sign == "{" ? ["}"] : sign == "=" ? ["="] : []
        guard let end = find(extra + closing, from: inner) else {
            throw TemplateError(
                line: line,
                problem: "\(String(scalars: opening[...])) has no "
                    + "\(String(scalars: (extra + closing)[...])) after it")
        }
        let body = String(scalars: text[inner..<end]).trimmed
        return Tag(sign: sign, body: body, line: line, end: end + extra.count + closing.count)
    }

    private mutating func add(_ tag: Tag, indent: String) throws(TemplateError) {
        func wrong(_ problem: String) -> TemplateError {
            TemplateError(line: tag.line, problem: problem)
        }
        switch tag.sign {
        case "!": break
        case "=": try setDelimiters(tag)
        case "%": try setContent(tag)
        case nil, "{", "&": add(.value(try name(tag), isEscaped: tag.sign == nil))
        case "#", "^":
            open.append(Open(tag: try name(tag), line: tag.line, isInverted: tag.sign == "^"))
        case "/":
            let name = try name(tag)
            guard open.count > 1, let last = open.popLast(), let opened = last.tag else {
                throw wrong("{{/\(name.text)}} ends a section that has not begun")
            }
            guard opened == name else {
                throw wrong(
                    "{{/\(name.text)}} comes before the end of the section '\(opened.text)' of "
                        + "line \(last.line)")
            }
            add(.section(opened, isInverted: last.isInverted, parts: last.parts))
        case ">":
            guard parts.contains(tag.body) else {
                throw wrong(
                    "there is no part '\(tag.body.escapedForTerminal)'; there are: "
                        + parts.joined(separator: ", "))
            }
            add(.partial(tag.body, indent: indent))
        case let sign?:
            throw wrong(
                "{{\(sign)\(tag.body.escapedForTerminal)}} is not supported; see docs/report.md")
        }
    }

    private func name(_ tag: Tag) throws(TemplateError) -> Template.Name {
        if tag.body == "." { return Template.Name(path: []) }
        let path = tag.body.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let isName = path.allSatisfy { part in
            !part.isEmpty
                && part.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
        }
        guard isName else {
            throw TemplateError(
                line: tag.line,
                problem: tag.body.isEmpty
                    ? "a tag without a name"
                    : "'\(tag.body.escapedForTerminal)' is not a name")
        }
        return Template.Name(path: path)
    }

    private mutating func setDelimiters(_ tag: Tag) throws(TemplateError) {
        let parts = tag.body.split(separator: " ")
        guard parts.count == 2, parts.allSatisfy({ !$0.contains("=") }) else {
            throw TemplateError(
                line: tag.line, problem: "write new delimiters as {{=<% %>=}}")
        }
        opening = Array(parts[0].unicodeScalars)
        closing = Array(parts[1].unicodeScalars)
    }

    private mutating func setContent(_ tag: Tag) throws(TemplateError) {
        let parts = tag.body.split(separator: ":").map { String($0).trimmed }
        guard parts.count == 2, parts[0] == "CONTENT_TYPE",
            let content = Template.Content(rawValue: parts[1])
        else {
            let known = Template.Content.allCases.map(\.rawValue).joined(separator: ", ")
            throw TemplateError(
                line: tag.line,
                problem: "'\(tag.body.escapedForTerminal)' is unknown; write CONTENT_TYPE: and one "
                    + "of \(known)")
        }
        self.content = content
    }

    // MARK: - Text

    private mutating func add(_ part: Template.Part) { open[open.count - 1].parts.append(part) }

    private mutating func add(_ text: ArraySlice<Unicode.Scalar>) {
        if !text.isEmpty { add(.text(String(scalars: text))) }
    }

    private func find(_ pattern: [Unicode.Scalar], from start: Int) -> Int? {
        var place = start
        while place + pattern.count <= text.count {
            if text[place...].starts(with: pattern) { return place }
            place += 1
        }
        return nil
    }

    /// The line around a tag, its end among it, when there is nothing else on it but blanks.
    private func lineAround(_ start: Int, _ end: Int) -> Range<Int>? {
        func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }
        let first = (text[..<start].lastIndex { !isBlank($0) }).map { $0 + 1 } ?? 0
        guard first == 0 || text[first - 1] == "\n" else { return nil }
        var last = text[end...].firstIndex { !isBlank($0) } ?? text.count
        if last < text.count, text[last] == "\r" { last += 1 }
        if last == text.count { return first..<last }
        return text[last] == "\n" ? first..<(last + 1) : nil
    }
}

extension String {
    fileprivate init(scalars: ArraySlice<Unicode.Scalar>) {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        self.init(view)
    }

    fileprivate var trimmed: String {
        let parts = unicodeScalars.split(omittingEmptySubsequences: true) {
            $0.properties.isWhitespace
        }
        return parts.map { String($0) }.joined(separator: " ")
    }
}
