import JSON
import Ledger
import Queries
import Reporting
import SQLite
import Testing

@Suite("Events, deployments and stories")
struct HistoryTests {
    private typealias Facts = LedgerFixture.Facts

    private func events(
        _ ledger: LedgerFixture, filter: ReportFilter = ReportFilter(), since: String? = nil,
        after: Int64 = 0, limit: Int64? = nil
    ) throws -> [EventRow] {
        let window = try PartialWindow(
            since: since, until: nil, zone: .utc, now: LedgerFixture.instant(1000))
        let list = try EventList(
            ledger.reader().connection, window: window, filter: filter, after: after, limit: limit)
        var rows: [EventRow] = []
        while let row = try list.next() { rows.append(row) }
        return rows
    }

    @Test func `what a forced unlock, an orphan and an imported run are about is told`() throws {
        let ledger = try LedgerFixture()
        let at = LedgerFixture.instant(10).microseconds
        var forced = Event(.forcedUnlock, atUs: at, monoUs: 0, host: "build1")
        (forced.victim, forced.waiting, forced.nextNumber) = ("holder", 2, 8)
        var orphaned = Event(.orphaned, atUs: at + 1, monoUs: 0, host: "build1")
        (orphaned.deployment, orphaned.outcome) = (.generate(), .orphaned)
        orphaned.lastAliveUs = LedgerFixture.instant(5).microseconds
        var run = ImportedRun(
            .init(host: "github.com", run: 7, attempt: 1, createdAtUs: at), host: "github.com",
            endedAtUs: at + 2, ranUs: 2, outcome: .succeeded)
        (run.runEvent, run.workflow, run.ref) = ("push", "Deploy", "main")
        try ledger.record([EventEnvelope(forced), EventEnvelope(orphaned), run.event()])
        let lines = try events(ledger).map(\.json.line)
        #expect(lines[0].contains(#""victim":"holder","waiting":2,"next_number":8,"#), "\(lines)")
        #expect(lines[1].contains(#""last_alive":"2026-09-14T00:00:05.000000Z","#), "\(lines)")
        #expect(
            lines[2].contains(
                #""source":"import","ref":"main","event":"push","workflow":"Deploy","#),
            "\(lines)")
    }

    @Test func `an event is one object with the promised keys, without those that do not apply`()
        throws
    {
        let ledger = try LedgerFixture()
        let id = try ledger.add(
            asked: 1, wait: 2.5, held: 3, .exit(4), Facts(tier: "docker", sha: "abc"))
        let lines = try events(ledger).map(\.json.line)
        #expect(lines.count == 3)
        let about =
            #""deployment":"\#(id)","number":1,"lock":"/tmp/a.lock","host":"build1","#
            + #""user":"deploy","actor":"ann","pid":4711,"source":"ssh","tier":"docker","sha":"abc""#
        let command = #","command":"make deploy","argv":["make","deploy"],"hash":""#
        #expect(lines[0].hasPrefix(#"{"seq":1,"id":""#))
        let beginning = #","at":"2026-09-14T00:00:01.000000Z","kind":"requested","#
        #expect(lines[0].contains(beginning + about))
        #expect(lines[0].contains(about + command))
        #expect(lines[1].contains(about + #","wait_us":2500000"# + command))
        #expect(
            lines[2].contains(
                about + #","wait_us":2500000,"held_us":3000000,"exit_code":4,"#
                    + #""outcome":"failed""# + command))
        #expect(!lines.joined().contains("null"))
        let hash = try ledger.reader().head().description.split(separator: ":")[1]
        #expect(lines[2].hasSuffix(#""hash":"\#(hash)"}"#))
    }

    @Test func `events can be limited to the newest, to new ones, to a window and to a filter`()
        throws
    {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 0, held: 10, .exit(0))
        try ledger.add(asked: 20, wait: 0, held: 10, .exit(1), Facts(actor: "bob"))
        #expect(try events(ledger).map(\.seq) == [1, 2, 3, 4, 5, 6])
        #expect(try events(ledger, limit: 2).map(\.seq) == [5, 6])
        #expect(try events(ledger, after: 4).map(\.seq) == [5, 6])
        #expect(try events(ledger, since: "2026-09-14T00:00:20Z").map(\.seq) == [4, 5, 6])
        var filter = ReportFilter()
        filter.actors = ["ann"]
        #expect(try events(ledger, filter: filter, limit: 1).map(\.seq) == [3])
    }

    @Test func `a clock that was set back hides no event and shows none of another time`() throws {
        let ledger = try LedgerFixture()
        for asked in [800, 100, 900, 50, 300] {
            try ledger.add(asked: Double(asked), wait: 0, held: 1, .exit(0))
        }
        let start = "2026-09-14T00:05:00Z"  // 300 s
        #expect(try events(ledger, since: start).map(\.seq) == [1, 2, 3, 7, 8, 9, 13, 14, 15])
        #expect(try events(ledger, since: start, limit: 4).map(\.seq) == [9, 13, 14, 15])
        #expect(try events(ledger, since: start, after: 8).map(\.seq) == [9, 13, 14, 15])
        #expect(try events(ledger, since: start, after: 8, limit: 1).map(\.seq) == [15])
        #expect(try events(ledger, since: "2026-09-14T00:20:00Z").isEmpty)
        #expect(try events(ledger, since: "2026-09-14T00:20:00Z", limit: 2).isEmpty)
    }

    @Test func `deployments under way in a window ended in it, after it, or not yet`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 0, .none)
        try ledger.add(asked: 10, wait: 0, held: 50, .exit(0))
        try ledger.add(asked: 20, wait: 0, held: 80, .exit(0))
        try ledger.add(asked: 120, wait: 0, held: 500, .exit(0))
        try ledger.add(asked: 200, wait: 0, .none)
        func numbers(_ since: String?, _ until: String?, limit: Int64? = nil) throws -> [Cell] {
            let window = try PartialWindow(
                since: since, until: until, zone: .utc, now: LedgerFixture.instant(1000))
            let list = try DeploymentList(
                ledger.reader().connection, window: window, filter: ReportFilter(), limit: limit)
            return list.table.rows.map { $0[0] }
        }
        let since = "2026-09-14T00:01:40Z"  // 100 s
        let until = "2026-09-14T00:03:20Z"  // 200 s
        #expect(try numbers(since, until) == [4, 3, 1].map { .integer($0) })
        #expect(try numbers(since, nil) == [5, 4, 3, 1].map { .integer($0) })
        #expect(try numbers(nil, until) == [4, 3, 2, 1].map { .integer($0) })
        #expect(try numbers(since, nil, limit: 2) == [5, 4].map { .integer($0) })
        #expect(try numbers(nil, nil, limit: 2) == [5, 4].map { .integer($0) })
    }

    @Test func `a line of the events table gives time, number, kind and details, escaped`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(
            asked: 0, wait: 65, held: 2, .signal(9),
            Facts(actor: "a\u{1b}b", command: ["echo", "x\ny"]))
        #expect(
            try events(ledger).map { $0.line(in: .utc) } == [
                "2026-09-14 00:00:00  #1      requested      a\\eb          "
                    + "from ssh, $ echo 'x\\ny'",
                "2026-09-14 00:01:05  #1      acquired       a\\eb          waited 1m05s",
                "2026-09-14 00:01:07  #1      released       a\\eb          "
                    + "failed, signal 9, ran 2s",
            ])
    }

    @Test func `deployments come newest first, cut at the limit, and say how they ended`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 0, held: 10, .exit(0))
        try ledger.add(asked: 20, wait: 5, held: 10, .exit(3), Facts(tier: "docker"))
        try ledger.add(asked: 30, wait: 0, .none)
        let window = try PartialWindow(
            since: nil, until: nil, zone: .utc, now: LedgerFixture.instant(0))
        let list = try DeploymentList(
            ledger.reader().connection, window: window, filter: ReportFilter(), limit: 2)
        #expect(list.isCut)
        let expected = """
            NO.  ASKED                OUTCOME     WAITED  RAN  TIER    FROM  BY   COMMIT  COMMAND
              3  2026-09-14 00:00:30  waiting          -    -  -       ssh   ann  -       make deploy
              2  2026-09-14 00:00:20  failed (3)      5s  10s  docker  ssh   ann  -       make deploy

            """
        #expect(TextRenderer(zone: .utc).render(list.summary) == expected)
        #expect(list.table.objects[1].line.contains(#""wait_seconds":5,"held_seconds":10"#))
        let day = try PartialWindow(
            since: "2026-09-14T00:00:15Z", until: "2026-09-14T00:00:25Z", zone: .utc,
            now: LedgerFixture.instant(0))
        let some = try DeploymentList(
            ledger.reader().connection, window: day, filter: ReportFilter(), limit: nil)
        #expect(some.summary.rows.count == 1)
    }

    @Test func `a deployment is told in sentences with times and deltas`() throws {
        let ledger = try LedgerFixture()
        let id = try ledger.add(
            asked: 0, wait: 61, held: 0.25, .exit(2), Facts(tier: "docker", ahead: 2))
        let connection = try ledger.reader().connection
        let match = try #require(DeploymentLookup("1", locks: [], on: connection).matches.first)
        let story = try DeploymentStory(match, on: connection)
        let expected = """
            Deployment #1: failed
              id         \(id)
              lock       /tmp/a.lock
              command    make deploy
              directory  /srv
              by         ann (as deploy)
              from       ssh
              tier       docker
              process    4711 on build1

            2026-09-14 00:00:00 UTC            ann (as deploy) asked for the lock; \
            2 deployments were ahead.
            2026-09-14 00:01:01 UTC    +1m01s  Got the lock after waiting 1m01s; \
            the command started.
            2026-09-14 00:01:01 UTC    +250ms  The command failed with exit code 2 after 250ms; \
            the lock was released.

            """
        #expect(StoryText(zone: .utc).render(story) == expected)
        #expect(story.json.line.contains(#""detail":{"command":["make","deploy"]"#))
    }

    @Test(
        arguments: [
            (LedgerFixture.End.timeout, "Gave up after waiting 9s (timeout); nothing was run."),
            (.refused, "Refused to wait for the lock (no-wait); nothing was run."),
            (.cancelled, "Was cancelled after waiting 9s (signal TERM); nothing was run."),
            (.skipped, "Was skipped (max-queue); nothing was run."),
            (
                .superseded,
                "Stepped aside for a newer deployment after waiting 9s (newer); nothing was run."
            ),
        ] as [(LedgerFixture.End, String)]
    )
    func `every outcome has its sentence`(end: LedgerFixture.End, sentence: String) throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 9, end)
        #expect(try text(ledger).contains(sentence))
    }

    @Test func `an orphan's story says when it was last alive`() throws {
        let ledger = try LedgerFixture()
        try ledger.add(asked: 0, wait: 0, held: 70, .died(foundAt: 500))
        #expect(
            try text(ledger).contains(
                "Died without releasing the lock, after holding the lock for 1m10s (died); "
                    + "last known alive at 2026-09-14 00:01:10 UTC."))
    }

    @Test func `a number under several locks means several; the beginning of an id is enough`()
        throws
    {
        let ledger = try LedgerFixture()
        let first = try ledger.add(asked: 0, wait: 0, held: 1, .exit(0), Facts(lock: "/a"))
        try ledger.add(asked: 0, wait: 0, held: 1, .exit(0), Facts(lock: "/b"))
        let connection = try ledger.reader().connection
        func found(_ text: String, _ locks: [String] = []) throws -> [String?] {
            try DeploymentLookup(text, locks: locks, on: connection).matches.map(\.lock)
        }
        #expect(try found("1") == ["/b", "/a"])
        #expect(try found("#1", ["/a"]) == ["/a"])
        #expect(try found("2").isEmpty)
        #expect(try found(first.description) == ["/a"])
        #expect(try found(String(first.description.prefix(35))) == ["/a"])
        #expect(try found("%").isEmpty)
    }

    private func text(_ ledger: LedgerFixture) throws -> String {
        let connection = try ledger.reader().connection
        let match = try #require(DeploymentLookup("1", locks: [], on: connection).matches.first)
        return StoryText(zone: .utc).render(
            try DeploymentStory(match, on: connection))
    }
}
