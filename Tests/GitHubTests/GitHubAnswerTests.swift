import Testing

@testable import GitHub

@Suite struct GitHubAnswerTests {
    private func answer(_ text: String) -> GitHubAnswer { GitHubAnswer(Array(text.utf8)) }

    @Test func `status, headers and body are separated`() {
        let ok = answer("HTTP/2.0 200 OK\r\nLink: <a>; rel=\"next\"\r\nX-Y: 1\r\n\r\n{\"a\":\n\n1}")
        #expect(ok.status == 200)
        #expect(ok.headers["x-y"] == "1")
        #expect(String(decoding: ok.body, as: UTF8.self) == "{\"a\":\n\n1}")
        #expect(ok.problem(asking: "x", words: "") == nil)
        #expect(answer("{}").status == nil)
        #expect(answer("").status == nil)
    }

    @Test func `a rate limit is distinguished from a missing permission`() {
        let limited = answer(
            "HTTP/1.1 403 Forbidden\nX-Ratelimit-Remaining: 0\nX-Ratelimit-Reset: 1700000000\n\n{}")
        #expect(limited.problem(asking: "x", words: "") == .rateLimited(until: 1_700_000_000))
        let secondary = answer("HTTP/1.1 403 Forbidden\nRetry-After: 60\n\n{}")
        #expect(secondary.problem(asking: "x", words: "") == .rateLimited(until: nil))
        let forbidden = answer("HTTP/1.1 403 Forbidden\n\n{}")
        #expect(forbidden.problem(asking: "x", words: "no") == .refused(status: 403, "no"))
        #expect(
            answer("HTTP/1.1 404 Not Found\n\n").problem(asking: "x", words: "") == .notFound("x"))
    }

    @Test(arguments: ["o/n", "github.example.com/o/n", "o/n.js", "a-b/c_d"])
    func `a repository is written as gh writes it`(text: String) throws {
        #expect(try #require(Repository(text)).description == text)
    }

    @Test(arguments: ["", "o", "o/", "/n", "o/n/m/x", "o/..", "-o/n", "o/n?x=1", "o/n m", "o/né"])
    func `a text that is not a repository is refused`(text: String) {
        #expect(Repository(text) == nil)
    }

    @Test func `either form of a run is read`() throws {
        let rest = """
            {"total_count": 1, "workflow_runs": [{"id": 5, "run_number": 2, "run_attempt": 3,
            "status": "queued", "conclusion": null, "head_branch": "main", "head_sha": "abc",
            "display_title": "A", "created_at": "2026-01-01T00:00:00Z", "actor": {"login": "ann"},
            "triggering_actor": {"login": "bob"}, "html_url": "https://x/5"}]}
            """
        let list = """
            [{"databaseId": 5, "number": 2, "attempt": 3, "status": "queued", "conclusion": "",
            "headBranch": "main", "headSha": "abc", "displayTitle": "A",
            "createdAt": "2026-01-01T00:00:00Z", "url": "https://x/5"}]
            """
        for text in [rest, list] {
            let run = try #require(RunList.read(Array(text.utf8)).first)
            #expect((run.id, run.number, run.attempt) == (5, 2, 3))
            #expect(run.isPending)
            #expect(run.conclusion == nil)
            #expect(
                [run.branch, run.sha, run.title, run.url] == ["main", "abc", "A", "https://x/5"])
            #expect(run.createdAt == "2026-01-01T00:00:00Z")
        }
        #expect(try RunList.read(Array(rest.utf8)).first?.actor == "bob")
        #expect(throws: RunList.Problem.flaw(run: 1, words: "'status' is missing")) {
            try RunList.read(Array("[{\"id\": 1}]".utf8))
        }
        #expect(throws: RunList.Problem.noList) { try RunList.read([]) }
    }

    @Test(arguments: [
        #"{"total_count":2,"workflow_runs":[RUN1]}{"total_count":2,"workflow_runs":[RUN2]}"#,
        #"[{"workflow_runs":[RUN1]}, {"workflow_runs":[]},{"workflow_runs":[RUN2]}]"#,
        "[RUN1]\n[RUN2]\n", "RUN1\n RUN2", "[RUN1, RUN2]",
    ])
    func `pages are read one after the other`(_ text: String) throws {
        func run(_ id: Int) -> String {
            #"{"id":\#(id),"run_attempt":2,"status":"queued","display_title":"a]}\\\"{["}"#
        }
        let pages = text.replacing("RUN1", with: run(1)).replacing("RUN2", with: run(2))
        let runs = try RunList.read(Array(pages.utf8))
        #expect(runs.map(\.id) == [1, 2])
        #expect(runs.map(\.attempt) == [2, 2])
        #expect(runs.first?.title == #"a]}\"{["#)
        for rest in ["x", "{", "]", "\"", "1"] {
            #expect(throws: RunList.Problem.noList) { try RunList.read(Array((pages + rest).utf8)) }
        }
        #expect(throws: RunList.Problem.flaw(run: 3, words: "'status' is missing")) {
            try RunList.read(Array((pages + #"[{"id":3}]"#).utf8))
        }
    }

    @Test func `a run that ended is not pending, and one that never started has no age`() throws {
        func run(_ members: String) throws -> WorkflowRun {
            try #require(RunList.read(Array("[{\"id\":1,\(members)}]".utf8)).first)
        }
        for status in WorkflowRun.pendingStatuses {
            #expect(try run(#""status":"\#(status)""#).isPending)
            #expect(try !run(#""status":"\#(status)","conclusion":"cancelled""#).isPending)
        }
        #expect(try !run(#""status":"completed""#).isPending)
        #expect(try !run(#""status":"new_to_us""#).isPending)
        let times = #""status":"queued","created_at":"2026-01-01T00:00:00Z""#
        #expect(try run(times).sinceUs == 1_767_225_600_000_000)
        #expect(
            try run(times + #","run_started_at":"2026-01-01T02:00:00.5+02:00""#).sinceUs
                == 1_767_225_600_500_000)
        #expect(
            try run(times + #","run_started_at":"0001-01-01T00:00:00Z""#).sinceUs
                == 1_767_225_600_000_000)
        #expect(try run(#""status":"queued","created_at":"yesterday""#).sinceUs == nil)
    }

    @Test func `the parts of an address are encoded`() {
        #expect(GitHubClient.encoded("a b/../c?é") == "a%20b%2F..%2Fc%3F%C3%A9")
    }
}
