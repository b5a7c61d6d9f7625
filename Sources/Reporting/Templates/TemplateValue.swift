/// What a template can show.
package enum TemplateValue: Sendable {
    /// A text, escaped where it is shown.
    case text(String)
    /// A whole number.
    case number(Int64)
    /// A condition.
    case flag(Bool)
    /// Several, of which each is shown in turn.
    case list([TemplateValue])
    /// Several by name.
    case object([String: TemplateValue])

    /// The value of a name in it; nil when it has none.
    func member(_ name: String) -> TemplateValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    /// The value in words; lists and objects have none.
    var text: String {
        switch self {
        case .text(let text): text
        case .number(let number): String(number)
        case .flag(let flag): String(flag)
        case .list, .object: ""
        }
    }
}

extension TemplateValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
    ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .text(value) }
    package init(booleanLiteral value: Bool) { self = .flag(value) }
    package init(integerLiteral value: Int64) { self = .number(value) }
    package init(dictionaryLiteral elements: (String, TemplateValue)...) {
        self = .object(Dictionary(elements) { $1 })
    }

    /// A list of texts.
    package static func texts(_ texts: [String]) -> TemplateValue { .list(texts.map { .text($0) }) }

    /// A text; false where there is none.
    package static func optional(_ text: String?) -> TemplateValue {
        text.map { .text($0) } ?? .flag(false)
    }

    /// A count.
    package static func count(_ count: Int) -> TemplateValue { .number(Int64(count)) }
}
