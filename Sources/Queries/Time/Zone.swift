import Foundation
import SystemCalls
package import Wording

/// A time zone: the only place where Foundation, which knows the zones' rules, is asked.
package struct Zone: Sendable, Hashable {
    /// Universal time.
    package static let utc = Zone(name: "UTC", rules: TimeZone(secondsFromGMT: 0) ?? .gmt)

    /// The zone this machine is set to (`TZ`, `/etc/localtime`).
    package static var local: Zone {
        let rules = named(by: Environment.value("TZ")) ?? TimeZone.current
        let isUniversal = ["GMT", "UTC", "Etc/UTC", "Etc/GMT"].contains(rules.identifier)
        return isUniversal ? .utc : Zone(name: rules.identifier, rules: rules)
    }

    /// What `TZ` names behind a colon, a form that Foundation does not know: a zone, or its file.
    ///
    /// Source: tzset(3).
    private static func named(by variable: String?) -> TimeZone? {
        guard let variable, variable.first == ":" else { return nil }
        let place = String(variable.dropFirst())
        guard place.first == "/" else { return TimeZone(identifier: place) }
        let file = FileSystem.resolved(place) ?? place
        return file.firstRange(of: "/zoneinfo/").flatMap {
            TimeZone(identifier: String(file[$0.upperBound...]))
        }
    }

    /// Its IANA name, or `UTC`.
    package let name: String

    private let rules: TimeZone

    private init(name: String, rules: TimeZone) {
        self.name = name
        self.rules = rules
    }

    /// The zone of that name: `UTC`, `local` or an IANA name such as `Europe/Berlin`.
    package init(named name: String) throws(TimeError) {
        switch name {
        case "UTC", "utc", "Z": self = .utc
        case "local": self = .local
        default:
            // Foundation also takes abbreviations such as "CST", which mean several zones.
            guard name.contains("/"), let rules = TimeZone(identifier: name) else {
                throw TimeError.unknownZone(name)
            }
            self.init(name: name, rules: rules)
        }
    }

    /// How far the zone's clocks are ahead of UTC at a moment.
    package func offsetSeconds(at instant: Instant) -> Int {
        let seconds = Double(instant.microseconds) / 1e6
        return rules.secondsFromGMT(for: Date(timeIntervalSince1970: seconds))
    }

    /// The day the zone's calendar shows at a moment.
    package func date(at instant: Instant) -> CivilDate {
        let local = instant.microseconds + Int64(offsetSeconds(at: instant)) * 1_000_000
        return CivilDate(daysSinceEpoch: ClockText.floorDivide(local, 86_400_000_000).quotient)
    }

    /// The moment the zone's clocks show that day and time of day.
    ///
    /// When clocks go back a time comes twice: the first is meant. When they go forward a time does
    /// not come at all: then it is as much later as the clocks jump, so midnight of a day that
    /// starts at 01:00 is that day's first moment.
    package func instant(of date: CivilDate, microsecondOfDay: Int64 = 0) -> Instant {
        let local = Instant(microseconds: date.daysSinceEpoch * 86_400_000_000 + microsecondOfDay)
        let before = offsetSeconds(at: local.adding(microseconds: -86_400_000_000))
        let after = offsetSeconds(at: local.adding(microseconds: 86_400_000_000))
        let candidates = [before, after].map { offset in
            (offset, local.adding(microseconds: Int64(-offset) * 1_000_000))
        }
        let valid = candidates.first { offset, instant in offsetSeconds(at: instant) == offset }
        return (valid ?? candidates[0]).1
    }

    /// Day, time to the second and offset, such as `2026-09-18 14:03:00 +02:00`.
    package func text(_ instant: Instant) -> String {
        let offset = offsetSeconds(at: instant)
        return clockText(instant, offset: offset) + " " + offsetText(offset)
    }

    /// Day and time to the second, for places that name the zone themselves.
    package func shortText(_ instant: Instant) -> String {
        clockText(instant, offset: offsetSeconds(at: instant))
    }

    private func clockText(_ instant: Instant, offset: Int) -> String {
        let clock = ClockText(instant.microseconds, offsetSeconds: offset)
        return "\(clock.date) \(clock.time)"
    }

    private func offsetText(_ offset: Int) -> String {
        if offset == 0 { return "UTC" }
        let minutes = abs(offset) / 60
        return "\(offset < 0 ? "-" : "+")" + Digits.padded(minutes / 60, 2) + ":"
            + Digits.padded(minutes % 60, 2)
    }
}
