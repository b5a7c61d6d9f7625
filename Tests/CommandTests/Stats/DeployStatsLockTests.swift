import Glibc
import TestSupport
import Testing

@Suite("The lock deploystats is asked about")
struct DeployStatsLockTests {
    private func numbers(
        _ fixture: Fixture, lock: String, in directory: String = "/"
    ) throws -> [String] {
        let script = "cd \"$1\" && exec \"$0\" deployments --format csv --lock \"$2\""
        let result = try ChildProcess.run(
            ["sh", "-c", script, BuiltTool.path("deploystats"), directory, lock],
            environment: fixture.environment())
        #expect(result.code == 0, "\(result.errors)")
        return result.output.split(whereSeparator: \.isNewline).dropFirst()
            .map { String($0.prefix { $0 != "," }) }
    }

    @Test func `every way to write the lock's path means the one that was recorded`() throws {
        let fixture = try Fixture()
        let real = fixture.directory.file("real")
        let link = fixture.directory.file("link")
        #expect(mkdir(real, 0o777) == 0)
        #expect(symlink("real", link) == 0)
        #expect(try fixture.run(["--lock-file", link + "/a.lock", "true"]).code == 0)
        #expect(try fixture.run(["--lock-file", real + "/a.lock", "true"]).code == 0)
        for lock in [real + "/a.lock", link + "/a.lock", real + "/../link/a.lock"] {
            #expect(try numbers(fixture, lock: lock) == ["2", "1"], "\(lock)")
        }
        #expect(try numbers(fixture, lock: "a.lock", in: link) == ["2", "1"])
        #expect(try numbers(fixture, lock: real + "/b.lock").isEmpty)
        let story = try ChildProcess.run(
            [BuiltTool.path("deploystats"), "show", "1", "--lock", link + "/a.lock"],
            environment: fixture.environment())
        #expect(story.output.hasPrefix("Deployment #1: succeeded\n"))
    }

    @Test func `a recorded path is found as it is, wherever its directory leads by now`() throws {
        let fixture = try Fixture()
        let place = fixture.directory.file("place")
        let lock = place + "/a.lock"
        #expect(mkdir(place, 0o777) == 0)
        #expect(try fixture.run(["--lock-file", lock, "true"]).code == 0)
        #expect(rename(place, fixture.directory.file("elsewhere")) == 0)
        #expect(try numbers(fixture, lock: lock) == ["1"])
        #expect(symlink("elsewhere", place) == 0)
        #expect(try numbers(fixture, lock: lock) == ["1"])
    }
}
