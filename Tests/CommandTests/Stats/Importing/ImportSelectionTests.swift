import JSON
import SystemCalls
import TestSupport
import Testing

@Suite("Which runs of a file are imported")
struct ImportSelectionTests {
    /// Three workflows, events and branches of one repository, and a run of another one.
    private static let runs = [
        StandInRun(id: 1, status: "completed", conclusion: "success"),
        StandInRun(id: 2, status: "completed", conclusion: "failure", event: "schedule"),
        StandInRun(id: 3, status: "completed", conclusion: "success", branch: "next"),
    ].map(\.members)

    private static func changed(
        _ members: [(key: String, value: JSONValue)], _ changes: [String: JSONValue]
    ) -> [(key: String, value: JSONValue)] {
        members.filter { changes[$0.key] == nil } + changes.map { ($0.key, $0.value) }
    }

    private func fixture() throws -> Fixture {
        let fixture = try Fixture()
        let lint = Self.changed(
            Self.runs[0],
            [
                "id": .integer(4), "path": .string(".github/workflows/lint.yml@refs/heads/main"),
                "name": .string("Lint"), "workflow_id": .integer(99),
                "html_url": .string("https://github.com/o/n/actions/runs/4"),
            ])
        let other = Self.changed(
            Self.runs[0],
            [
                "id": .integer(5), "html_url": .string("https://github.com/x/y/actions/runs/5"),
            ])
        let deploys = Self.runs.map {
            Self.changed($0, ["name": .string("Deploy"), "workflow_id": .integer(98)])
        }
        let page = JSONValue.object([
            ("total_count", .integer(5)),
            ("workflow_runs", .array((deploys + [lint, other]).map { .object($0) })),
        ])
        fixture.write("runs.json", page.line)
        return fixture
    }

    @Test(
        arguments: [
            ([], "1 2 3 4 5", ""), (["--repo", "o/n"], "1 2 3 4", "1 left out (other repository)"),
            (["--repo", "O/N"], "1 2 3 4", "1 left out (other repository)"),
            (["--repo", "github.example.com/o/n"], "", "5 left out (other repository)"),
            (["--workflow", "lint.yml"], "4", "4 left out (other workflow)"),
            (["--workflow", ".github/workflows/lint.yml"], "4", "4 left out (other workflow)"),
            (["--workflow", "Deploy", "--repo", "o/n"], "1 2 3", "1 left out (other workflow)"),
            (["--workflow", "99"], "4", "3 left out (other workflow)"),
            (["--event", "schedule"], "2", "4 left out (other event)"),
            (["--event", "schedule", "--event", "push"], "1 2 3 4 5", ""),
            (["--branch", "next"], "3", "4 left out (other branch)"),
            (["--branch", "main", "--event", "push", "--repo", "o/n"], "1 4", "(other event)"),
            (["--since", "2026-09-15"], "", ""), (["--until", "2026-09-14"], "", ""),
        ]
    )
    func `every option selects`(options: [String], wanted: String, says: String) throws {
        let fixture = try fixture()
        let result = try fixture.stats(
            ["import", "github", "--file", fixture.directory.file("runs.json")] + options)
        if options == ["--workflow", "99"] {
            // The run of the other repository does not tell the id of its workflow.
            #expect(result.code == 1)
            #expect(
                result.errors.contains("run 5 does not tell the id of its workflow"))
            return
        }
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output.contains(says), "\(result.output)")
        let ids =
            fixture.exists("state")
            ? try fixture.query("SELECT run_url FROM deployment ORDER BY run_url")
                .map { $0.suffix(1) }.sorted().joined(separator: " ") : ""
        #expect(ids == wanted)
    }

    @Test(
        arguments: [
            ("--workflow", "deploy.yml", "its workflow"), ("--workflow", "7", "its workflow"),
            ("--event", "push", "what set it off"), ("--branch", "main", "its branch"),
        ]
    )
    func `an option that cannot be judged is refused, not ignored`(
        option: String, value: String, missing: String
    ) throws {
        let fixture = try Fixture()
        fixture.write(
            "runs.json",
            """
            [{"databaseId": 8, "status": "completed", "conclusion": "success",
              "createdAt": "2026-03-01T10:00:00Z", "updatedAt": "2026-03-01T10:01:00Z",
              "workflowName": "Deploy", "url": "https://github.com/o/n/actions/runs/8"}]
            """)
        let file = fixture.directory.file("runs.json")
        let result = try fixture.stats("import", "github", "--file", file, option, value)
        #expect(result.code == 1)
        #expect(result.errors.hasPrefix("deploystats: \(file): run 8 does not tell "))
        #expect(result.errors.contains(missing), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1)
        #expect(!fixture.exists("state"))
        let named = try fixture.stats(
            "import", "github", "--file", file, "--workflow", "Deploy")
        #expect(named.output == "1 run imported\n")
    }

    @Test func `event and workflow are kept, shown and selected by`() throws {
        let fixture = try fixture()
        let file = fixture.directory.file("runs.json")
        #expect(try fixture.stats("import", "github", "--file", file).code == 0)
        #expect(
            try fixture.query(
                "SELECT record ->> '$.event' || ' ' || (record ->> '$.workflow') FROM event "
                    + "ORDER BY record ->> '$.run_url'")
                == [
                    "push Deploy", "schedule Deploy", "push Deploy", "push Lint",
                    "push deploy.yml",
                ])
        let events = try fixture.stats("events", "--format", "ndjson", "--event", "schedule")
        #expect(events.output.split(separator: "\n").count == 1)
        #expect(events.output.contains(#""event":"schedule","workflow":"Deploy""#))
        for (options, count) in [
            (["--event", "push"], 4), (["--branch", "main"], 4),
            (["--branch", "next", "--event", "push"], 1), (["--event", "release"], 0),
        ] {
            let list = try fixture.stats(["deployments", "--format", "ndjson"] + options)
            #expect(list.output.split(separator: "\n").count == count, "\(options) \(list)")
        }
        #expect(try fixture.stats("verify").code == 0)
    }

    @Test func `payloads of the webhook workflow_run are read, alone, by line and in a list`()
        throws
    {
        func payload(_ members: [(key: String, value: JSONValue)], _ action: String) -> String {
            JSONValue.object([
                ("action", .string(action)), ("workflow_run", .object(members)),
                ("repository", .object([("full_name", .string("o/n"))])),
            ]).line
        }
        let going = Self.changed(
            Self.runs[0], ["status": .string("in_progress"), "conclusion": .null])
        let one = payload(Self.runs[0], "completed")
        for (text, says) in [
            (one, "1 run imported\n"),
            (
                [payload(going, "requested"), payload(going, "in_progress"), one]
                    .joined(separator: "\n"), "1 run imported\n"
            ),
            ("[\(one),\(payload(Self.runs[1], "completed"))]", "2 runs imported\n"),
            (payload(going, "requested"), "0 runs imported, 1 not ended yet\n"),
        ] {
            let fixture = try Fixture()
            fixture.write("hook", text)
            let result = try fixture.stats(
                "import", "github", "--file", fixture.directory.file("hook"))
            #expect(result.output == says, "\(result.errors)")
        }
        let fixture = try Fixture()
        fixture.write("hook", #"{"action":"completed","workflow_run":{"id":5}}"#)
        let file = fixture.directory.file("hook")
        let flaw = try fixture.stats("import", "github", "--file", file)
        #expect(flaw.errors.contains("hook, run 1 in it: 'status' is missing"), "\(flaw.errors)")
    }

    @Test func `GraphQL's capitals are read`() throws {
        let fixture = try Fixture()
        let runs = [("SUCCESS", 1), ("TIMED_OUT", 2)].map { conclusion, id in
            JSONValue.object(
                Self.changed(
                    Self.runs[0],
                    [
                        "id": .integer(Int64(id)), "status": .string("COMPLETED"),
                        "conclusion": .string(conclusion),
                        "html_url": .string("https://github.com/o/n/actions/runs/\(id)"),
                    ]))
        }
        fixture.write("runs.json", JSONValue.array(runs).line)
        let file = fixture.directory.file("runs.json")
        #expect(
            try fixture.stats("import", "github", "--file", file).output == "2 runs imported\n")
        #expect(
            try fixture.query("SELECT outcome || ' ' || reason FROM deployment ORDER BY n")
                == ["succeeded success", "timed_out timed_out"])
    }

    @Test func `an import alone gives a report of the CI runs`() throws {
        let fixture = try fixture()
        let file = fixture.directory.file("runs.json")
        #expect(try fixture.stats("import", "github", "--file", file).code == 0)
        let window = ["report", "--since", "2026-09-14", "--until", "2026-09-28"]
        let text = try fixture.stats(window)
        #expect(text.code == 0, "\(text.errors)")
        #expect(text.output.contains("Nothing but imported CI runs ended in this period: 5 runs"))
        let section = text.output.components("\nCI runs\n")
        #expect(section.contains("DAY         ENDED  SUCCEEDED  FAILED"), "\(text.output)")
        #expect(section.contains("2026-09-20      5          4       1"), "\(section)")
        #expect(section.contains("Lint"))
        #expect(
            try fixture.stats(window + ["--format", "markdown"]).output.contains("#### CI runs"))
        #expect(
            try fixture.stats(window + ["--format", "html"]).output.contains("<h2>CI runs</h2>"))
        let json = try fixture.stats(window + ["--format", "json", "--event", "schedule"])
        let compact = json.output.filter { !$0.isWhitespace }
        #expect(
            compact.contains(
                #""by_workflow":[{"name":"Deploy","ended":1,"failed":1,"n":0,"p50_seconds":null"#),
            "\(json.output)")
        let empty = try fixture.stats(window + ["--event", "release"])
        #expect(!empty.output.contains("CI runs"))
    }
}

extension String {
    /// What stands behind the first of these texts.
    fileprivate func components(_ text: String) -> String {
        firstRange(of: text).map { String(self[$0.upperBound...]) } ?? ""
    }
}
