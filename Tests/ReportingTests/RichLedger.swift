import Ledger
import Queries
import Reporting

/// A ledger with something of everything, on which the figures of week 38 were worked out by hand.
///
/// Times are seconds after Monday, 2026-09-14 00:00 UTC; in Berlin the week begins two hours before.
///
/// | no. | asked | waited | ran | ended | in week 38 |
/// |---|---|---|---|---|---|
/// | 1–10 | before | | | | weeks 33, 34, 36 and 37; nothing in week 35 |
/// | 11 | Mon 28800 | 0 | 240 | succeeded, lightning | straight through |
/// | 12 | 28920 | 120 | 550 | succeeded, docker | |
/// | 13 | 29100 | 490 | 200 | succeeded, lightning | waits until 29590 |
/// | 14 | 29160 | 300 | | timed out | waits until 29460 |
/// | 15 | 29220 | 570 | 30 | succeeded, lightning | waits until 29790; three wait from 29220 to 29460 |
/// | 16 | 29280 | | | skipped, commit b…, main | deployed by 17 |
/// | 17 | Tue 118800 | 0 | 400 | succeeded, docker, commit b… | |
/// | 18 | Tue 122400 | 0 | 100 | failed | texts that want to be more than texts |
/// | 19 | Wed 205200 | 0 | 700 | force-unlocked, docker | |
/// | 20 | Thu 291600 | 0 | 60 | orphaned, lightning | found 600 s later |
/// | 21 | Fri 378000 | | | skipped, commit c…, hotfix | never deployed |
/// | 22 | Sat 464400 | | | refused | |
/// | 23 | next Monday 608400 | 0 | | still runs | |
enum RichLedger {
    /// Tuesday of week 39, 10:00 UTC.
    static let now = LedgerFixture.instant(727_200)

    private typealias Facts = LedgerFixture.Facts
    private static let week = 604_800.0
    private static let skippedCommit = String(repeating: "b", count: 40)

    static func make() throws -> LedgerFixture {
        let ledger = try LedgerFixture()
        try addEarlierWeeks(to: ledger)
        try addMonday(to: ledger)
        try addRest(to: ledger)
        return ledger
    }

    private static func addEarlierWeeks(to ledger: LedgerFixture) throws {
        let lightning = Facts(tier: "lightning", sha: "1111111111", ref: "main", ahead: 0)
        try ledger.add(asked: -5 * week + 50_000, wait: 0, held: 190, .exit(0), lightning)
        try ledger.add(asked: -4 * week + 50_000, wait: 0, held: 200, .exit(0), lightning)
        try ledger.add(
            asked: -2 * week + 50_000, wait: 0, held: 45, .died(foundAt: -2 * week + 60_000),
            lightning)
        for index in 0..<5 {
            try ledger.add(
                asked: -week + Double(index) * 1000, wait: 10, held: 200, .exit(0),
                Facts(tier: "lightning", actor: "bob", source: "gha"))
        }
        for index in 5..<7 {
            try ledger.add(
                asked: -week + Double(index) * 1000, wait: 0, held: 500, .exit(0),
                Facts(tier: "docker", ahead: 0))
        }
    }

    private static func addMonday(to ledger: LedgerFixture) throws {
        try ledger.add(
            asked: 28800, wait: 0, held: 240, .exit(0),
            Facts(tier: "lightning", sha: "aaaaaaaaaaaa", ref: "main", ahead: 0))
        try ledger.add(
            asked: 28920, wait: 120, held: 550, .exit(0),
            Facts(tier: "docker", actor: "bob", source: "gha"))
        try ledger.add(asked: 29100, wait: 490, held: 200, .exit(0), Facts(tier: "lightning"))
        try ledger.add(
            asked: 29160, wait: 300, .timeout,
            Facts(tier: "docker", actor: "carol", source: "gha", ahead: 2))
        try ledger.add(
            asked: 29220, wait: 570, held: 30, .exit(0),
            Facts(tier: "lightning", actor: "dave", source: "cron", ahead: 3))
        try ledger.add(
            asked: 29280, wait: 0, .skipped,
            Facts(actor: "bob", source: "gha", sha: skippedCommit, ref: "main", ahead: 4))
    }

    private static func addRest(to ledger: LedgerFixture) throws {
        try ledger.add(
            asked: 118_800, wait: 0, held: 400, .exit(0),
            Facts(
                tier: "docker", actor: "bob", source: "gha", sha: skippedCommit, ref: "main",
                ahead: 0))
        try ledger.add(
            asked: 122_400, wait: 0, held: 100, .exit(1),
            Facts(
                tier: "<i>|tier", actor: "=erin<b>&\"'", source: "漢字`x`", ahead: 0,
                command: ["echo", "a|b", "<script>alert(1)</script>", "\u{1b}[31m", "two\nlines"]))
        let victim = try ledger.add(
            asked: 205_200, wait: 0, held: 700,
            .left(.forcedUnlock, .forceUnlocked, reason: "hangs | on <pull>\nagain"),
            Facts(tier: "docker", ahead: 0))
        try ledger.record([EventEnvelope(result(of: victim))])
        try ledger.add(
            asked: 291_600, wait: 0, held: 60, .died(foundAt: 292_260),
            Facts(tier: "lightning", ahead: 0))
        try ledger.add(
            asked: 378_000, wait: 0, .skipped,
            Facts(actor: "bob", source: "gha", sha: "cccccccccccc", ref: "hotfix", ahead: 4))
        try ledger.add(asked: 464_400, wait: 0, .refused, Facts(actor: "carol"))
        try ledger.add(
            asked: 608_400, wait: 0, held: 0, .none, Facts(tier: "docker", ahead: 0))
    }

    /// What came of the forced unlock.
    private static func result(of victim: EventID) -> Event {
        let at = LedgerFixture.instant(205_903).microseconds
        var event = Event(.forcedUnlock, atUs: at, monoUs: at, host: "build1")
        event.deployment = victim
        event.number = 19
        event.lock = "/tmp/a.lock"
        event.user = "deploy"
        event.actor = "deploy"
        event.pid = 4711
        event.reason = "hangs | on <pull>\nagain"
        event.result = "terminated"
        event.victim = "holder"
        event.nextNumber = 20
        return event
    }

    /// The report on week 38 in Berlin.
    static func report(
        _ ledger: LedgerFixture, week: String = "2026-W38", limit: Int? = PeriodReport.usualLimit,
        now: Instant = now
    ) throws -> PeriodReport {
        let zone = try Zone(named: "Europe/Berlin")
        return try PeriodReport(
            ledger.reader().connection, period: ReportPeriod(week: week, zone: zone, now: now),
            filter: ReportFilter(), limit: limit, isDead: { _ in false })
    }
}
