import JSON
import TestSupport
import Testing

@Suite(
    "check-deploy-queue and the real gh",
    .enabled(if: GitHubStandIn.isPossible, "the GitHub CLI gh is not installed"))
struct CheckQueueTests {
    @Test func `a run behind three others is skipped, and the job gets every output`() throws {
        let queue = try QueueFixture([QueueFixture.three, QueueFixture.compare("behind")])
        let result = try queue.check([], environment: queue.job())
        #expect(result.code == 0, "\(result.errors)")
        let notice =
            "Skipped: 3 deployments are pending and the threshold is 3. Last queued: #3 of commit "
            + "d1d2d3d4e5 on main (queued), https://github.com/o/n/actions/runs/1003. It is older "
            + "and does NOT contain this commit e1e2e3e4e5: this commit is not deployed until "
            + "another run does it. Deploy it now: gh workflow run deploy.yml --repo o/n --ref main"
        #expect(
            queue.fixture.read("output")
                == "should_skip=true\nqueue_length=3\nreason=queue_full\nnotice=\(notice)\n")
        #expect(
            queue.fixture.read("summary.md").replacing(
                /\ \d[a-z0-9]* \|/, with: " AGE |") == """
                    ### Deploy queue: skipped

                    3 deployments are pending and the threshold is 3.
                    Last queued: #3 of commit d1d2d3d4e5 on main (queued), https://github.com/o/n/actions/runs/1003.
                    It is older and does NOT contain this commit e1e2e3e4e5: this commit is not deployed until another run does it.

                    To deploy it now:

                    ```sh
                    gh workflow run deploy.yml --repo o/n --ref main  # the newest commit of the branch; the workflow must have workflow_dispatch
                    gh run rerun 1999 --repo o/n  # exactly this commit, even if a newer one has been deployed by then
                    ```

                    | Run | Status | Age | Commit | Branch | Title |
                    |---|---|---|---|---|---|
                    | [#1](https://github.com/o/n/actions/runs/1001) | in\\_progress | AGE | a1b2c3d4e5 | main | Fix the login |
                    | [#2](https://github.com/o/n/actions/runs/1002) | pending | AGE | a1b2c3d4e5 | main | Fix the login |
                    | [#3](https://github.com/o/n/actions/runs/1003) | queued | AGE | d1d2d3d4e5 | main | Fix the login |

                    """)
        #expect(result.errors == "::notice title=check-deploy-queue::\(notice)\n")
        #expect(
            result.output.hasPrefix("Pending: 3 deployments (deploy.yml in o/n)\n  RUN  STATUS"))
        #expect(
            result.output.contains("\nSKIP: 3 deployments are pending and the threshold is 3.\n"))
        // One request for each status, and one for the comparison.
        #expect(queue.github.requests.count == 6)
    }

    @Test func `a run below the threshold deploys, and does not count itself`() throws {
        let queue = try QueueFixture([QueueFixture.three])
        let result = try queue.check([], environment: queue.job(run: 1002))
        #expect(result.code == 0)
        #expect(
            queue.fixture.read("output").hasPrefix(
                "should_skip=false\nqueue_length=2\nreason=below_threshold\nnotice=Not skipped: "))
        #expect(queue.fixture.read("summary.md").hasPrefix("### Deploy queue: deploying\n"))
        #expect(result.errors.isEmpty)
        let options = ["--exclude-run", "1001", "--threshold", "2"] + QueueFixture.place
        #expect(try queue.check(options).output.contains("SKIP: 2 deployments are pending"))
    }

    @Test(
        arguments: [
            (
                "ahead",
                "It contains this commit e1e2e3e4e5, which is deployed with it if that run succeeds."
            ),
            ("identical", "It contains this commit"),
            ("diverged", "It does NOT contain this commit e1e2e3e4e5"),
            ("behind", "It is older and does NOT contain this commit"),
            (
                "nonsense",
                "Unknown whether it contains this commit e1e2e3e4e5: GitHub sent an unexpected"
            ),
        ]
    )
    func `the last queued commit's relation to ours is what GitHub says`(
        status: String, sentence: String
    ) throws {
        let queue = try QueueFixture([QueueFixture.three, QueueFixture.compare(status)])
        let options = QueueFixture.place + ["--sha", QueueFixture.sha]
        #expect(try queue.check(options).output.contains("  " + sentence))
        let json = try queue.check(options + ["--json"]).output
        let wanted = ["ahead": "true", "identical": "true", "nonsense": "null"][status] ?? "false"
        #expect(json.contains("\"contains_this_commit\": \(wanted)"))
    }

    @Test func `a commit that GitHub does not know is unknown; the run is skipped anyway`() throws {
        let queue = try QueueFixture([QueueFixture.three])
        let result = try queue.check(QueueFixture.place + ["--sha", QueueFixture.sha, "--strict"])
        #expect(result.code == 0)
        #expect(result.output.contains("Unknown whether it contains this commit"))
        #expect(result.output.contains("or the token may not see it"))
        let without = try queue.check(QueueFixture.place)
        #expect(without.output.contains("the commit of this run is unknown"))
        // The same commit needs no answer.
        let same = try queue.check(QueueFixture.place + ["--sha", QueueFixture.lastSHA])
        #expect(same.output.contains("It contains this commit d1d2d3d4e5"))
    }

    @Test func `a run started or repeated by a person is never skipped, nor is any with 0`() throws
    {
        let queue = try QueueFixture([QueueFixture.three])
        for job in [queue.job(event: "workflow_dispatch"), queue.job(attempt: 2)] {
            #expect(try queue.check([], environment: job).output.contains("is never skipped (3 "))
        }
        #expect(try queue.check(["--threshold", "0"], environment: queue.job()).code == 0)
        #expect(!queue.fixture.read("output").contains("should_skip=true"))
        #expect(queue.fixture.lines("output").count { $0 == "reason=asked_for" } == 2)
        #expect(queue.fixture.lines("output").count { $0 == "reason=threshold_off" } == 1)
    }

    @Test func `with newest only a newer run of the same branch is reason to step aside`() throws {
        let queue = try QueueFixture([
            StandInRun.list([
                StandInRun(id: 1001), StandInRun(id: 1002), StandInRun(id: 1003),
                StandInRun(id: 1005, sha: QueueFixture.lastSHA),
                StandInRun(id: 1007, branch: "feature"),
            ]),
            QueueFixture.compare("ahead"),
        ])
        let older = try queue.check(["--policy", "newest"], environment: queue.job(run: 1004))
        #expect(older.output.contains("SKIP: a newer run of main is pending: #5.\n"))
        #expect(older.output.contains("It contains this commit"))
        let newest = try queue.check(["--policy", "newest"], environment: queue.job(run: 1006))
        #expect(newest.output.contains("DEPLOY: no newer run of main is pending"))
    }

    @Test func `with newest a pull request from a fork's branch of that name covers no push`()
        throws
    {
        var pull = StandInRun(id: 1005)
        pull.event = "pull_request"
        let queue = try QueueFixture([StandInRun.list([StandInRun(id: 1003), pull])])
        let push = try queue.check(["--policy", "newest"], environment: queue.job(run: 1004))
        #expect(push.output.contains("DEPLOY: no newer run of main is pending"))
        let older = try queue.check(
            ["--policy", "newest"], environment: queue.job(run: 1004, event: "pull_request"))
        #expect(older.output.contains("SKIP: a newer run of main is pending: #5.\n"))
    }

    @Test func `several pages are read to the end, and each run counts once`() throws {
        let runs = (0..<250).map { StandInRun(id: 2000 + $0) }
        let queue = try QueueFixture([StandInRun.list(runs)])
        let result = try queue.check(QueueFixture.place + ["--json", "--exclude-run", "2100"])
        #expect(result.output.contains("\"queue_length\": 249,"))
        #expect(result.output.contains("\"truncated\": false,"))
        #expect(queue.github.requests.count { $0.contains("status=queued") } == 3)
        let text = try queue.check(QueueFixture.place)
        #expect(text.output.contains("\n  (230 before these)\n"))
    }

    @Test func `GitHub's limit of 1,000 runs per status is mentioned when it is reached`() throws {
        let runs = (0..<1050).map { StandInRun(id: 2000 + $0) }
        let queue = try QueueFixture([StandInRun.list(runs)])
        let result = try queue.check(QueueFixture.place)
        #expect(result.output.hasPrefix("Pending: 1000 deployments, and more than GitHub lists ("))
        #expect(queue.github.requests.count { $0.contains("status=queued") } == 10)
    }

    @Test func `text from outside acts neither on a terminal, nor a page, nor the runner`() throws {
        let title = "a|<b>\u{1b}[31m\n::error::x ##[add-mask]y\nshould_skip=false"
        let queue = try QueueFixture([
            StandInRun.list(
                (1...3).map { StandInRun(id: 1000 + $0, branch: "m`\n| x", title: title) })
        ])
        let result = try queue.check([], environment: queue.job())
        let summary = queue.fixture.read("summary.md")
        for text in [result.output, result.errors, summary, queue.fixture.read("output")] {
            #expect(!text.contains("\u{1b}"))
            #expect(!text.split(separator: "\n").contains { $0.hasPrefix("::error") })
        }
        #expect(!result.output.contains("##["))
        #expect(!summary.contains("<b>"))
        #expect(summary.contains(#"a\|&lt;b&gt;"#))
        #expect(queue.fixture.lines("output").count == 4)
        #expect(queue.fixture.lines("output")[0] == "should_skip=true")
    }
}
