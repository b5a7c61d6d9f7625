import Queries
import Reporting
import Wording

/// Moments and lengths of time as templates see them.
struct TimeModel: Sendable {
    let zone: Zone

    /// A moment: `day` and `clock`, `full` with its offset, and `iso` for programs; false where there
    /// is none.
    func moment(_ instant: Instant?) -> TemplateValue {
        guard let instant else { return false }
        let short = zone.shortText(instant).split(separator: " ", maxSplits: 1)
        return [
            "day": .text(String(short.first ?? "")), "clock": .text(String(short.last ?? "")),
            "full": .text(zone.text(instant)),
            "iso": .text(instant.rfc3339),
        ]
    }

    /// The same without the day.
    func clock(_ instant: Instant) -> TemplateValue {
        let offset = zone.offsetSeconds(at: instant)
        return [
            "short": .text(ClockText(instant.microseconds, offsetSeconds: offset).time),
            "full": .text(zone.text(instant)), "iso": .text(instant.rfc3339),
        ]
    }

    /// A length that grows, `text`, and `since` when in milliseconds since 1970; false where it is
    /// unknown.
    func running(_ microseconds: Int64?, since: Instant?) -> TemplateValue {
        guard let microseconds else { return false }
        return [
            "text": .text(DurationText.text(microseconds: microseconds)),
            "since": since.map { .number($0.microseconds / 1000) } ?? false,
        ]
    }

    /// A length in words.
    func length(_ microseconds: Int64?) -> TemplateValue {
        .optional(microseconds.map { DurationText.text(microseconds: $0) })
    }
}

extension TemplateValue {
    /// A text from outside, with what could mislead its reader made visible; false without one.
    static func outside(_ text: String?) -> TemplateValue {
        guard let text, !text.isEmpty else { return false }
        return .text(text.escapedForTerminal)
    }

    /// A number; false without one.
    static func optional(_ number: Int64?) -> TemplateValue { number.map { .number($0) } ?? false }

    /// Something that leads somewhere: `text` and `href`, which may be false; false without a text.
    static func link(_ text: String?, to address: String?) -> TemplateValue {
        guard let text, !text.isEmpty else { return false }
        return ["text": .text(text.escapedForTerminal), "href": .optional(address)]
    }

    /// The address of a CI run: a link only where following it opens a page.
    static func run(_ address: String?) -> TemplateValue {
        link(address, to: address.flatMap { WebAddress.isSafe($0) ? $0 : nil })
    }
}
