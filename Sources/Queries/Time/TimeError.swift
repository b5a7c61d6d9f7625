import Wording

/// A time, a window or a zone that cannot be understood, in words for the person who typed it.
package enum TimeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Not one of the forms.
    case unreadable(String)
    /// The same of a time to come.
    case unreadableEnd(String)
    /// The form is right but the calendar has no such day, week or time of day.
    case impossible(String)
    /// No zone has that name.
    case unknownZone(String)
    /// The system has no files of zones.
    case noZones(String, directory: String)
    /// The zone's file cannot be used.
    case damagedZone(String, path: String)
    /// Not a week.
    case noWeek(String)
    /// Nothing can be said of a time to come.
    case notBegun(String)
    /// The end is not after the start.
    case emptyWindow(since: String, until: String)

    /// The forms a time can have, for help and errors.
    package static let forms =
        "2026-09-18, 2026-09-18 14:00, 2026-09-18T14:00:00Z, 10:31 (the last time it was), "
        + "yesterday 10:31, -2h, 2 hours ago, 7d, today, yesterday, now, 2026-W38, this-week, "
        + "last-week, @1789700000"

    /// What is wrong and what to write instead.
    package var description: String {
        switch self {
        case .unreadable(let text):
            "cannot read the time '\(text.escapedForTerminal)'; write one of: \(Self.forms)"
        case .unreadableEnd(let text):
            "cannot read the time '\(text.escapedForTerminal)'; write one of: \(TimeToCome.forms)"
        case .impossible(let text):
            "'\(text.escapedForTerminal)' is not a valid time; check day, week and hour"
        case .unknownZone(let name):
            "unknown time zone '\(name.escapedForTerminal)'; write UTC, local or an IANA name such "
                + "as Europe/Berlin"
        case .noZones(let name, let directory):
            "cannot read the time zone '\(name.escapedForTerminal)': there is no "
                + "\(directory.escapedForTerminal); install the package tzdata or write UTC"
        case .damagedZone(let name, let path):
            "cannot read the time zone '\(name.escapedForTerminal)': "
                + "\(path.escapedForTerminal) is damaged or counts leap seconds; reinstall "
                + "tzdata or write UTC"
        case .noWeek(let text):
            "'\(text.escapedForTerminal)' is not a week; write 2026-W38, last-week or this-week, or "
                + "another window with --since and --until"
        case .notBegun(let since):
            "there is nothing to report yet: the window begins in the future, at \(since)"
        case .emptyWindow(let since, let until):
            "the window is empty: --until (\(until)) must be after --since (\(since))"
        }
    }
}
