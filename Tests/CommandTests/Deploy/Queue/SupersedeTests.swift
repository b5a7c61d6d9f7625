import Glibc
import SystemCalls
import TestSupport
import Testing

/// `--yield-to-newer`.
@Suite struct SupersedeTests {
    private let tool = BuiltTool.path("deploy-with-lock")

    @Test func `of four pushes the first and the newest run`() throws {
        let fixture = try Fixture()
        let first = try fixture.hold("a", options: Fixture.batch + ["--sha", "aaa"])
        let second = try fixture.queue("bbb")
        let third = try fixture.queue("ccc")
        let fourth = try fixture.queue("ddd")
        let seen = try fixture.look().output
        #expect(
            seen.contains(/1 +#2 .* ref main .*\(will be superseded by #4\)/), "\(seen)")
        #expect(try fixture.look(["--json"]).output.contains("\"superseded_by\": 4"))
        fixture.letGo("a")
        for child in [first, second, third, fourth] { #expect(try child.finish().code == 0) }
        #expect(fixture.lines("ran") == ["ddd"])
        #expect(
            second.errors.contains(
                "#2 SUPERSEDED, nothing was run: it stepped aside for a newer deployment, #4 root"))
        #expect(second.errors.contains("(batch: ref main); commit bbb is delivered if #4 succeeds"))
        #expect(
            try fixture.coverage()
                == ["1 succeeded", "2 superseded 4", "3 superseded 4", "4 succeeded"])
        #expect(try fixture.events(2) == ["requested", "superseded superseded"])
        #expect(
            try fixture.query(
                """
                SELECT DISTINCT (covered_by = (SELECT id FROM deployment WHERE number = 4))
                    || batch_key || reason
                FROM deployment WHERE outcome = 'superseded'
                """) == ["1ref mainsupersede"])
        let story = try fixture.stats("show", "2").output
        #expect(story.contains("Stepped aside for #4, which covers it, after waiting "))
        #expect(story.contains("\nDelivered by #4, which covers it: it succeeded.\n"))
        #expect(
            try fixture.stats("show", "4").output.contains(
                "\nCovers #2 (commit bbb), #3 (commit ccc): delivered with it.\n"))
        #expect(try fixture.stats("deployments").output.contains("superseded (#4)"))
        #expect(try fixture.stats("events").output.contains("supersede, covered by #4, waited "))
        let metrics = try fixture.stats("metrics").output
        #expect(metrics.contains(/Skip rate +PASS +0 % .* 0\/4/))
        #expect(metrics.contains("2 of 2 superseded delivered later"))
        #expect(fixture.tickets == [])
        try fixture.expectOneOutcomeEach()
    }

    @Test func `when the covering deployment fails the others were not delivered`() throws {
        let fixture = try Fixture()
        let first = try fixture.hold("a")
        let second = try fixture.queue("bbb", ["--skip-exit-code", "9"])
        let third = try fixture.join(Fixture.batch, "exit 7")
        fixture.letGo("a")
        #expect(try second.finish().code == 9)
        #expect(try third.finish().code == 7)
        #expect(try first.finish().code == 0)
        try fixture.settle()
        #expect(
            try fixture.stats("show", "2").output.contains(
                "\nNot delivered: #3, which covers it, failed with exit code 7.\n"))
        #expect(
            try fixture.stats("show", "3").output.contains(
                "\nCovers #2 (commit bbb): not delivered by it.\n"))
        #expect(
            try fixture.stats("show", "2", "--format", "json").output.contains(
                "\"delivery\": \"not_delivered\""))
        // The next one of the batch may have brought it after all.
        #expect(try fixture.run(Fixture.batch + ["--sha", "eee", "true"]).code == 0)
        try fixture.settle()
        #expect(
            try fixture.stats("show", "2").output.contains(
                "Of the same batch #4, which asked later, succeeded with commit eee.\n"))
    }

    @Test func `when the covering deployment dies none was delivered`() throws {
        let fixture = try Fixture()
        let first = try fixture.hold("a")
        let second = try fixture.queue("bbb")
        let between = try fixture.queueHolding("x")
        let covering = try fixture.queue("ddd")
        fixture.letGo("a")
        #expect(try second.finish().code == 0)
        #expect(eventually { fixture.exists("x.up") })
        // A wait is recorded once it turns out not to be a short one.
        #expect(
            try eventually {
                try fixture.stats("show", "2").output.contains(
                    "\nNot delivered yet: #4, which covers it, is waiting.\n")
            })
        covering.kill(SIGKILL)
        _ = try covering.finish()
        #expect(
            try fixture.stats("show", "2").output.contains(
                "\nNot delivered: #4, which covers it, died.\n"))
        fixture.letGo("x")
        for child in [first, between] { #expect(try child.finish().code == 0) }
        // The next deployment records it or, when it has no time for that, the one after it.
        let isTold = try eventually {
            _ = try fixture.run(["true"])
            return try fixture.stats("show", "2").output.contains(
                "\nNot delivered: #4, which covers it, was cancelled (died).\n")
        }
        #expect(isTold)
        #expect(fixture.lines("ran") == [])
    }

    @Test func `a chain ends in a deployment that ran`() throws {
        let fixture = try Fixture()
        let first = try fixture.hold("a")
        let second = try fixture.queue("bbb")
        let between = try fixture.queueHolding("x")
        let fourth = try fixture.queue("ddd")
        fixture.letGo("a")
        #expect(try second.finish().code == 0)
        let fifth = try fixture.queue("eee")
        fixture.letGo("x")
        for child in [first, between, fourth, fifth] { #expect(try child.finish().code == 0) }
        #expect(fixture.lines("ran") == ["eee"])
        #expect(
            try fixture.coverage() == [
                "1 succeeded", "2 superseded 4", "3 succeeded", "4 superseded 5", "5 succeeded",
            ])
        #expect(
            try fixture.stats("show", "2").output.contains(
                "\nDelivered by #5, which covers it through #4: it succeeded.\n"))
        #expect(
            try fixture.stats("show", "5").output.contains(
                "\nCovers #2 (commit bbb), #4 (commit ddd): delivered with it.\n"))
    }

    @Test func `no deployment steps aside for a dead one`() throws {
        let fixture = try Fixture()
        let first = try fixture.hold("a")
        let second = try fixture.queue("bbb")
        let third = try fixture.queue("ccc")
        third.kill(SIGKILL)
        _ = try third.finish()
        fixture.letGo("a")
        for child in [first, second] { #expect(try child.finish().code == 0) }
        #expect(fixture.lines("ran") == ["bbb"])
    }

    @Test func `only the same batch covers`() throws {
        let fixture = try Fixture()
        let first = try fixture.hold("a")
        var others: [ChildProcess] = []
        // One that could be covered by the next, if they were of one batch.
        let rows = [
            ["--yield-to-newer", "--ref", "main"], ["--yield-to-newer", "--ref", "other"],
            // The same ref in another way.
            ["--yield-to-newer", "--ref", "main", "--tier", "docker"],
            ["--yield-to-newer", "--ref", "other", "--tier", "docker"],
            ["--yield-to-newer", "--ref", "main", "--batch-key", "web"],
            // Never said that it is part of a batch.
            ["--ref", "main"], ["--ref", "main", "--tier", "docker"],
        ]
        for (index, options) in rows.enumerated() {
            others.append(try fixture.join(options, "echo \(index) >> $HERE/ran"))
        }
        fixture.letGo("a")
        for child in [first] + others { #expect(try child.finish().code == 0) }
        #expect(fixture.lines("ran") == rows.indices.map(String.init))
    }

    @Test func `a batch key alone covers others and never steps aside`() throws {
        let fixture = try Fixture()
        let first = try fixture.hold("a")
        let second = try fixture.queue("bbb", ["--batch-key", "web"])
        let third = try fixture.join(["--batch-key", "web"], "echo person >> $HERE/ran")
        let fourth = try fixture.queue("ddd", ["--batch-key", "web", "--ref", "feature"])
        fixture.letGo("a")
        for child in [first, second, third, fourth] { #expect(try child.finish().code == 0) }
        #expect(fixture.lines("ran") == ["person", "ddd"])
        #expect(
            try fixture.coverage()
                == ["1 succeeded", "2 superseded 4", "3 succeeded", "4 succeeded"])
    }

    @Test func `another lock is another batch`() throws {
        let fixture = try Fixture()
        let first = try fixture.hold("a")
        let second = try fixture.queue("bbb")
        let other = ["--lock-file", fixture.directory.file("other.lock")]
        let elsewhere = try fixture.hold("o", options: other)
        let waiting = try fixture.start(other + Fixture.batch + ["true"])
        #expect(eventually { waiting.errors.contains("waiting for") })
        fixture.letGo("a")
        #expect(try second.finish().code == 0)
        #expect(fixture.lines("ran") == ["bbb"])
        fixture.letGo("o")
        for child in [first, elsewhere, waiting] { #expect(try child.finish().code == 0) }
    }

    @Test(
        arguments: [
            (["--yield-to-newer"], "give --ref (or DEPLOY_REF) or --batch-key"),
            (["--yield-to-newer", "--ref", " "], "give --ref (or DEPLOY_REF) or --batch-key"),
            (["--batch-key", ""], "--batch-key is empty"),
            (["--yield-to-newer", "--batch-key", " "], "--batch-key is empty"),
            (["--wait-covered"], "--wait-covered requires --yield-to-newer"),
            (
                ["--wait-covered", "--yield-to-newer", "--ref", "main", "--no-wait"],
                "--wait-covered cannot be combined with --no-wait"
            ),
            (
                ["--yield-to-newer", "--batch-key", "https://ann:hunter2@example.org"],
                "looks like a secret"
            ),
        ]
    )
    func `a batch without its parts is a usage error`(options: [String], words: String) throws {
        let result = try Fixture().run(options + ["true"])
        #expect(result.code == 64)
        #expect(result.errors.contains(words), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1)
        #expect(!result.errors.contains("hunter2"))
    }

    @Test func `the environment's ref makes a batch`() throws {
        let fixture = try Fixture()
        let result = try fixture.run(
            ["--yield-to-newer", "true"],
            environment: ["DEPLOY_REF": "v1", "DEPLOY_TIER": "docker"])
        #expect(result.code == 0, "\(result.errors)")
        try fixture.settle()
        #expect(try fixture.query("SELECT batch_key FROM deployment") == ["ref v1, tier docker"])
    }

    @Test func `a forced unlock lets the newest run`() throws {
        let fixture = try Fixture()
        let first = try fixture.hold("a", options: Fixture.batch)
        let second = try fixture.queue("bbb")
        let third = try fixture.queue("ccc")
        #expect(try fixture.unlock(["--number", "1"]).code == 0)
        #expect(try first.finish().code == 128 + SIGTERM)
        for child in [second, third] { #expect(try child.finish().code == 0) }
        #expect(fixture.lines("ran") == ["ccc"])
        #expect(
            try fixture.coverage() == ["1 force_unlocked", "2 superseded 3", "3 succeeded"])
        try fixture.expectOneOutcomeEach()
    }

    @Test func `a deployment that steps aside has seen until when an orphan lived`() throws {
        let fixture = try Fixture()
        let first = try fixture.hold("a")
        let second = try fixture.queue("bbb")
        let third = try fixture.queue("ccc")
        // Nobody has anything to write to the ledger when the turn comes.
        // There may be no ledger yet.
        let count = "SELECT count(*) FROM deployment"
        #expect(eventually { (try? fixture.query(count)) == ["3"] })
        try fixture.killBoth(first)
        let killed = Clock.wallMicroseconds()
        #expect(eventually { Clock.wallMicroseconds() > killed + 300_000 })
        fixture.letGo("a")
        for child in [second, third] { #expect(try child.finish().code == 0) }
        // On a machine that is too busy for that the covering one records it, and knows less.
        if second.errors.contains("the ledger could not be written") { return }
        #expect(
            second.errors.contains("recorded that #1 died without recording an outcome: orphaned"))
        #expect(try fixture.coverage() == ["1 orphaned", "2 superseded 3", "3 succeeded"])
        #expect(
            try fixture.query(
                "SELECT ended_at_us >= \(killed) + 300000 FROM deployment WHERE number = 1")
                == ["1"])
    }

    @Test func `without a ledger the newest still runs`() throws {
        let fixture = try Fixture()
        try fixture.breakLedger()
        let first = try fixture.hold("a")
        let second = try fixture.queue("bbb", ["--wait-covered"])
        let third = try fixture.queue("ccc")
        fixture.letGo("a")
        for child in [first, second, third] { #expect(try child.finish().code == 0) }
        #expect(fixture.lines("ran") == ["ccc"])
        fixture.repairLedger()
        #expect(try fixture.run(["true"]).code == 0)
        #expect(
            try fixture.coverage()
                == ["2 succeeded", "3 superseded 4", "4 succeeded", "5 succeeded"])
        #expect(try fixture.stats("verify").code == 0)
    }

    @Test func `a person waits for CI's deployment, sees it and then runs`() throws {
        let fixture = try Fixture()
        let ci = try fixture.hold("ci", options: Fixture.batch + ["--source", "gha"])
        let person = try fixture.start(["--source", "manual", "sh", "-c", "echo mine"])
        #expect(eventually { person.errors.contains("waiting for") })
        #expect(person.errors.contains(/position 1, held by #1 root for .*: sh -c/))
        #expect(try fixture.look().output.contains("  source        gha\n"))
        fixture.letGo("ci")
        #expect(try ci.finish().code == 0)
        let result = try person.finish()
        #expect(result.code == 0)
        #expect(result.output == "mine\n")
        try fixture.settle()
        #expect(
            try fixture.query("SELECT source || outcome FROM deployment ORDER BY number")
                == ["ghasucceeded", "manualsucceeded"])
    }
}
