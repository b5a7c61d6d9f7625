import Glibc
import TestSupport
import Testing

/// Wrapper killed in each step: the step ends under the lock, and the record says what was never
/// reached.
@Suite struct LostInStepTests {
    struct Situation: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// Of the wrapper; the step that is interrupted makes `up` and waits for `go`.
        let options: [String]
        let command: String
        /// `outcome|reason|health|rollback|not_reached`.
        let record: String
        let kinds: [String]
    }

    private static let step = ": > $HERE/up; while [ ! -e $HERE/go ]; do sleep 0.02; done"
    private static let check = ["--health-delay", "0", "--health-check"]

    static let all = [
        Situation(
            testDescription: "in the command", options: check + ["true"], command: step,
            record: "orphaned|never checked|unchecked||[\"health\"]", kinds: []),
        Situation(
            testDescription: "in a command that fails", options: ["--rollback", "true"],
            command: "\(step); exit 3", record: "failed||||[\"rollback\"]", kinds: []),
        Situation(
            testDescription: "in the attempt that is enough", options: check + [step],
            command: "true", record: "succeeded||healthy||", kinds: ["health_checked"]),
        Situation(
            testDescription: "in an attempt that is not enough",
            options: ["--health-stable", "2"] + check + [step], command: "true",
            record: "orphaned|never checked|unchecked||[\"health\"]", kinds: ["health_checked"]),
        Situation(
            testDescription: "in the last attempt, which fails",
            options: ["--health-retries", "1", "--rollback", "true"] + check
                + ["\(step); exit 1"],
            command: "true", record: "failed|health|unhealthy||[\"rollback\"]",
            kinds: ["health_checked"]),
        Situation(
            testDescription: "in a rollback", options: ["--rollback", step], command: "exit 3",
            record: "failed|||done|", kinds: ["rolled_back"]),
        Situation(
            testDescription: "in a rollback that fails",
            options: ["--rollback", "\(step); exit 9"],
            command: "exit 3", record: "failed|||failed|", kinds: ["rolled_back"]),
    ]

    @Test(arguments: all)
    func `a lost wrapper's step ends under the lock`(_ situation: Situation) throws {
        let fixture = try Fixture()
        let wrapper = try fixture.start(
            situation.options + ["sh", "-c", situation.command])
        try #require(eventually { fixture.exists("up") }, "\(wrapper.errors)")
        try fixture.killWrapper(wrapper)
        #expect(try fixture.run(["--no-wait", "true"]).code == 1)
        fixture.write("go", "")
        // It waits until the keeper has done its part.
        #expect(try fixture.run(["true"]).code == 0)
        #expect(
            eventually {
                (try? fixture.query("SELECT outcome FROM deployment WHERE number = 1")) != [""]
            })
        let record = try fixture.query(
            """
            SELECT record ->> '$.outcome', ifnull(record ->> '$.reason', ''),
                ifnull(record ->> '$.health', ''), ifnull(record ->> '$.rollback', ''),
                ifnull(record ->> '$.not_reached', '')
            FROM event WHERE kind = 'released' AND number = 1
            """)
        #expect(record == [situation.record])
        #expect(
            try fixture.query(
                "SELECT kind FROM event WHERE number = 1 AND kind NOT IN ('requested', 'acquired') "
                    + "ORDER BY seq") == ["wrapper_lost"] + situation.kinds + ["released"])
    }

    @Test func `a wrapper lost in a pause leaves nothing checked`() throws {
        let fixture = try Fixture()
        let wrapper = try fixture.start([
            "--health-check", "true", "--health-delay", "10m", "sh", "-c", ": > $HERE/up",
        ])
        // The plan is said before there is a lock to lose.
        try #require(eventually { fixture.exists("up") }, "\(wrapper.errors)")
        try fixture.killWrapper(wrapper)
        #expect(try fixture.run(["true"]).code == 0)
        // The keeper frees the lock before it records that.
        #expect(eventually { (try? fixture.outcomes()) == ["1 orphaned", "2 succeeded"] })
    }

    @Test func `a lost wrapper's limits hold`() throws {
        let fixture = try Fixture()
        let wrapper = try fixture.start([
            "--max-duration", "2s", "--grace", "0.2s", "sh", "-c",
            "trap '' TERM; : > $HERE/up; while :; do sleep 0.05; done",
        ])
        try #require(eventually { fixture.exists("up") })
        try fixture.killWrapper(wrapper)
        #expect(try fixture.run(["true"]).code == 0)
        #expect(
            eventually {
                (try? fixture.query("SELECT outcome, reason FROM deployment WHERE number = 1"))
                    == ["failed|overran"]
            })
        #expect(
            try fixture.query(
                "SELECT record ->> '$.ended_with' FROM event WHERE kind = 'released' AND number = 1"
            )
                == ["124"])
    }

    @Test func `one whose keeper died with it was never checked either`() throws {
        let fixture = try Fixture()
        let wrapper = try fixture.start([
            "--health-check", "true", "--health-delay", "10m", "sh", "-c", ": > $HERE/up",
        ])
        // The plan is said before there is a lock to lose.
        try #require(eventually { fixture.exists("up") }, "\(wrapper.errors)")
        try fixture.killBoth(wrapper)
        #expect(try fixture.run(["true"]).code == 0)
        #expect(try fixture.outcomes() == ["1 orphaned", "2 succeeded"])
    }
}
