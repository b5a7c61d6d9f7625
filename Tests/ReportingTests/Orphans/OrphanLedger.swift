import Ledger
import Queries
import Reporting

/// A ledger with every way in which a deployment whose wrapper was lost can go on, beside some that
/// are well, in week 38 of `LedgerFixture`.
///
/// | no. | ran | wrapper lost | ended |
/// |---|---|---|---|
/// | 1 | 0 to 300 | 100 | succeeded |
/// | 2 | 1000 to 1060 | 1010, told after the end | signal 9 |
/// | 3 | 2000 to 2100 | 2050 | freed by force |
/// | 4 | 3000 to 3100 | 3040 | the keeper died, too: orphaned, found at 3500 |
/// | 5 | 4000 to 4100 | | both died at once: orphaned, found at 4600 |
/// | 6 | 5000 to 5030 | | succeeded |
/// | 7 | 604700 to 604900, next Monday | 604750, on Sunday | failed with exit code 3 |
/// | 8 | 605000, next Monday | 605010 | still runs |
enum OrphanLedger {
    static let now = LedgerFixture.instant(605_100)

    static func make() throws -> LedgerFixture {
        let ledger = try LedgerFixture()
        let facts = LedgerFixture.Facts(tier: "docker", ahead: 0)
        func add(
            _ asked: Double, _ held: Double, _ end: LedgerFixture.End, lost: Double? = nil,
            isLate: Bool = false
        ) throws {
            try ledger.add(
                asked: asked, wait: 0, held: held, end, facts, lost: lost.map { ($0, isLate) })
        }
        try add(0, 300, .exit(0), lost: 100)
        try add(1000, 60, .signal(9), lost: 1010, isLate: true)
        try add(
            2000, 100, .left(.forcedUnlock, .forceUnlocked, reason: "it hangs"), lost: 2050)
        try add(3000, 100, .died(foundAt: 3500), lost: 3040)
        try add(4000, 100, .died(foundAt: 4600))
        try add(5000, 30, .exit(0))
        try add(604_700, 200, .exit(3), lost: 604_750)
        try add(605_000, 0, .none, lost: 605_010)
        return ledger
    }

    /// The report on a week.
    static func report(_ ledger: LedgerFixture, week: String = "2026-W38") throws -> PeriodReport {
        try PeriodReport(
            ledger.reader().connection,
            period: ReportPeriod(week: week, zone: .utc, now: now), filter: ReportFilter(),
            isDead: { _ in false })
    }
}
