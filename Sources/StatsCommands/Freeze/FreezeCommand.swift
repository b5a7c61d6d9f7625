import ArgumentParser
import CommandSupport
import DeployLock
import Ledger
import Queries
import SystemCalls
import Wording

/// `deploystats freeze`.
struct FreezeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "freeze",
        abstract: "Let no deployment start under a lock until a time.",
        discussion: """
            What runs already goes on, with its check and rollback. Deployments that ask for the \
            lock wait in their order; one that may not wait as long is refused at once. Freezes of \
            one lock add up. It is written beside the lock, so it holds where the ledger cannot be \
            read, and the ledger keeps it in force when the machine is restarted.

            TIMES: \(TimeToCome.forms). Those without an offset are in the zone of --tz. Where \
            clocks skip a time the first moment after it is meant, where they show it twice the \
            earlier one.

            EXIT CODES
              0    frozen, also when the ledger could not be written
              1    not frozen
              64   usage error
            """)

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The first moment in which deployments may start.", valueName: "time"))
    var until: String

    @Option(help: ArgumentHelp("Why; everybody who waits reads it.", valueName: "text"))
    var reason: String

    @Option(
        help: ArgumentHelp("Give this freeze another end and reason.", valueName: "id"))
    var replace: String?

    @Flag(help: "Do not ask before a freeze of more than 30 days.")
    var yes = false

    @OptionGroup
    var zone: ZoneOption

    @OptionGroup
    var place: FreezePlace

    func validate() throws {
        if reason.allSatisfy(\.isWhitespace) {
            throw ValidationError("--reason is empty; everybody who waits reads it")
        }
    }

    func run() throws {
        let zone = try zone.zone()
        let now = Instant(microseconds: Clock.wallMicroseconds())
        let end = try Failure.mistakes { try TimeToCome(until, now: now, zone: zone) }
        guard end.instant > now else {
            throw ValidationError(
                "--until is in the past (\(FreezeTime(end.instant, zone).text)); a freeze must end "
                    + "in the future, such as +2h")
        }
        let desk = try place.open()
        try confirm(end.instant, now, zone)
        let replaced = try replace.map { try desk.freeze($0, among: desk.freezes()) }
        let (freeze, event) = desk.events.begin(
            until: end.instant.microseconds, reason: reason,
            replacing: replaced.flatMap { EventID($0) })
        try Failure.wrap { try desk.queue.freeze(freeze) }
        desk.record(event)
        try StandardOutput.print(words(freeze, end, zone, desk))
    }

    private static let longest: Int64 = 30 * 86_400_000_000

    /// Asks before a freeze that is so long that it may be a slip.
    private func confirm(_ end: Instant, _ now: Instant, _ zone: Zone) throws {
        let length = end.microseconds - now.microseconds
        if yes || length <= Self.longest { return }
        let text =
            "the freeze would last \(DurationText.text(microseconds: length)), "
            + "until \(FreezeTime(end, zone).text)"
        guard Terminal.canAsk else {
            throw Failure.because("\(text); use --yes if that is meant. Nothing was changed")
        }
        guard Terminal.ask("\(text). Type yes to freeze: ") == "yes" else {
            throw Failure.because("not frozen. Nothing was changed")
        }
    }

    private func words(
        _ freeze: Freeze, _ end: TimeToCome, _ zone: Zone, _ desk: FreezeDesk
    ) -> String {
        var lines = [
            "\(desk.lock.escapedForTerminal) is frozen until \(FreezeTime(end.instant, zone).long)",
            "  reason: \(freeze.reason.escapedForTerminal)",
            "  id: \(freeze.id)",
        ]
        switch end.change {
        case .skipped:
            lines.append("  clocks skip the time given; this is the first moment after it")
        case .repeated: lines.append("  clocks show the time given twice; this is the earlier one")
        case nil: break
        }
        if let last = try? desk.queue.freezes().inForce.last, last.untilUs > freeze.untilUs {
            lines.append("  another freeze lasts longer: \(Words.freeze(last))")
        }
        lines.append("To end it earlier: \(unfreeze(freeze, desk))")
        return lines.map { $0 + "\n" }.joined()
    }

    private func unfreeze(_ freeze: Freeze, _ desk: FreezeDesk) -> String {
        var command = ["deploystats", "unfreeze", freeze.id]
        if desk.lock != LockPaths.defaultLockFile { command += ["--lock-file", desk.lock] }
        return ShellText.quoted(command).escapedForTerminal
    }
}

/// The end of a freeze in words.
struct FreezeTime {
    private let instant: Instant
    private let zone: Zone

    init(_ instant: Instant, _ zone: Zone) {
        self.instant = instant
        self.zone = zone
    }

    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

    /// `Mon 2026-10-26 07:00:00 Europe/Paris`.
    var text: String {
        let weekday = Self.weekdays[zone.date(at: instant).weekday - 1]
        return "\(weekday) \(zone.shortText(instant)) \(zone.name)"
    }

    /// The same in UTC, too, and how far away it is.
    var long: String {
        let left = max(0, instant.microseconds - Clock.wallMicroseconds())
        return "\(text) = \(RFC3339.toTheSecond(instant.microseconds)), "
            + "in \(DurationText.text(microseconds: left))"
    }
}
