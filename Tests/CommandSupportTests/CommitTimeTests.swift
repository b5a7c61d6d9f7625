import SystemCalls
import TestSupport
import Testing

@testable import CommandSupport

@Suite struct CommitTimeTests {
    @Test(arguments: [
        ("0", 0), ("1789344000", 1_789_344_000), ("2026-09-14T00:00:00Z", 1_789_344_000),
        ("2026-09-14T02:00:00+02:00", 1_789_344_000), ("2026-09-13T19:00:00-0500", 1_789_344_000),
        ("2026-09-14T00:00:00.999Z", 1_789_344_000), ("1970-01-01t00:00:00z", 0),
    ])
    func `a time is read as seconds or in RFC 3339`(text: String, seconds: Int64) {
        #expect(CommitTime(text)?.microseconds == seconds * 1_000_000)
    }

    @Test(arguments: [
        "", "now", "-1", "2026-09-14", "2026-09-14T00:00:00", "2026-02-30T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-09-14T24:00:00Z", "2026-09-14T00:00:00+25:00",
        "2026-09-14T00:00:00.Z", "1969-12-31T23:59:59Z", "999999999999999",
        "2026-09-14T00:00:00Zx", "2026-09-14T00:00:00\u{00e9}",
    ])
    func `what is no time is none`(text: String) {
        #expect(CommitTime(text) == nil)
    }

    @Test func `a repository knows when its commits were made`() throws {
        guard FileSystem.exists("/usr/bin/git") else { return }
        let directory = try TemporaryDirectory()
        let path = directory.file("repository")
        func git(_ arguments: String...) throws -> String {
            let result = try ChildProcess.run(
                ["/usr/bin/git", "-c", "user.name=ann", "-c", "user.email=ann@example.org"]
                    + arguments,
                environment: [
                    "GIT_COMMITTER_DATE": "1789344000 +0200", "HOME": directory.path,
                    "GIT_CONFIG_NOSYSTEM": "1", "PATH": "/usr/bin:/bin",
                ])
            try #require(result.code == 0, "\(result.errors)")
            return result.output
        }
        _ = try git("init", "-q", path)
        _ = try git("-C", path, "commit", "-q", "--allow-empty", "-m", "committer 1 2")
        let sha = try git("-C", path, "rev-parse", "HEAD").prefix(40)
        _ = try FileSystem.makeDirectory(path + "/sub", mode: 0o755)
        for (commit, place) in [
            (String(sha), path), (String(sha.prefix(10)), path), (String(sha), path + "/sub"),
        ] {
            #expect(CommitTime(of: commit, in: place)?.microseconds == 1_789_344_000_000_000)
        }
        let unknown = String(repeating: "0", count: 40)
        for (commit, place) in [
            (unknown, path), ("--help12", path), (String(sha), directory.path), ("abc", path),
        ] {
            #expect(CommitTime(of: commit, in: place) == nil)
        }
    }
}
