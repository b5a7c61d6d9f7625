import SystemCalls
package import Wording

/// A time zone, with the rules of the system's files.
package struct Zone: Sendable, Hashable {
    /// Universal time; needs no file.
    package static let utc = Zone(name: "UTC", rules: .utc)

    /// The zone this machine is set to (`TZ`, `/etc/localtime`); UTC when that cannot be read, as
    /// for every program.
    ///
    /// Source: tzset(3).
    package static var local: Zone {
        guard let variable = Environment.value("TZ") else { return file(machine) ?? .utc }
        // A colon may come before a name or a path.
        let place = String(variable.first == ":" ? variable.dropFirst() : variable[...])
        if place.first == "/" { return file(place) ?? .utc }
        if let rules = try? ZoneFiles.rules(of: place) { return Zone(known: place, rules) }
        return ZoneRule(place).map { Zone(known: place, ZoneRules($0)) } ?? .utc
    }

    private static let machine = "/etc/localtime"

    /// The zone of a file, which may be a link to the one of its name or a copy.
    private static func file(_ path: String) -> Zone? {
        ZoneFiles.rules(path: path).map { Zone(known: ZoneFiles.name(ofPath: path) ?? "local", $0) }
    }

    /// Universal time under any of its names.
    private init(known name: String, _ rules: ZoneRules) {
        let isUniversal = ["GMT", "UTC", "Etc/UTC", "Etc/GMT", "UTC0"].contains(name)
        self = isUniversal ? .utc : Zone(name: name, rules: rules)
    }

    /// Its IANA name, or `UTC`.
    package let name: String

    private let rules: ZoneRules

    private init(name: String, rules: ZoneRules) {
        self.name = name
        self.rules = rules
    }

    /// The zone of that name: `UTC`, `local` or an IANA name such as `Europe/Berlin`.
    package init(named name: String) throws(TimeError) {
        switch name {
        case "UTC", "utc", "Z": self = .utc
        case "local": self = .local
        default:
            // Abbreviations such as "CST" mean several zones.
            guard name.contains("/") else { throw .unknownZone(name) }
            do throws(ZoneFiles.Problem) {
                self.init(name: name, rules: try ZoneFiles.rules(of: name))
            } catch {
                switch error {
                case .unknown: throw .unknownZone(name)
                case .noFiles(let directory): throw .noZones(name, directory: directory)
                case .damaged(let path): throw .damagedZone(name, path: path)
                }
            }
        }
    }

    /// How far the zone's clocks are ahead of UTC at a moment.
    package func offsetSeconds(at instant: Instant) -> Int {
        rules.offset(at: ClockText.floorDivide(instant.microseconds, 1_000_000).quotient)
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

    /// Day and time to the second, for places that name the zone themselves; with the offset when
    /// the clocks show that time twice.
    package func shortText(_ instant: Instant) -> String {
        isRepeated(instant) ? text(instant) : clockText(instant, offset: offsetSeconds(at: instant))
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
