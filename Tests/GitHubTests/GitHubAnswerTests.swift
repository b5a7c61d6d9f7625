import Testing

@testable import GitHub

@Suite struct GitHubAnswerTests {
    private func answer(_ text: String) -> GitHubAnswer { GitHubAnswer(Array(text.utf8)) }

    @Test func `status, headers and body are told apart`() {
        let ok = answer("HTTP/2.0 200 OK\r\nLink: <a>; rel=\"next\"\r\nX-Y: 1\r\n\r\n{\"a\":\n\n1}")
        #expect(ok.status == 200)
        #expect(ok.headers["x-y"] == "1")
        #expect(String(decoding: ok.body, as: UTF8.self) == "{\"a\":\n\n1}")
        #expect(ok.problem(asking: "x", words: "") == nil)
        #expect(answer("{}").status == nil)
        #expect(answer("").status == nil)
    }

    @Test func `a rate limit is told from what is not allowed`() {
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
    func `what is no repository is refused`(text: String) {
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

    @Test func `what goes into an address is encoded`() {
        #expect(GitHubClient.encoded("a b/../c?é") == "a%20b%2F..%2Fc%3F%C3%A9")
    }
}
