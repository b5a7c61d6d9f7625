import Glibc
import SystemCalls
import TestSupport
import Testing

/// A lock that could not be taken is not ours, whatever the call said.
@Suite(.enabled(if: Strace.isPossible, "needs strace")) struct LockFaultTests {
    /// A wrapper that waits for a stranger's lock, with its waiting call made to fail.
    private func wait(
        _ fixture: Fixture, _ error: String, _ when: String
    ) throws -> ChildProcess.Result {
        let stranger = try ChildProcess([
            "flock", fixture.lock, "sh", "-c",
            ": > \(fixture.directory.file("s.up")); while [ ! -e \(fixture.directory.file("s.go")) ]; "
                + "do sleep 0.01; done; echo end >> \(fixture.directory.file("log"))",
        ])
        #expect(eventually { fixture.exists("s.up") })
        let child = try ChildProcess(
            [
                "strace", "-f", "-b", "execve", "-qq", "-o", "/dev/null", "-e", "trace=flock", "-e",
                "inject=flock:error=\(error):when=\(when)", BuiltTool.path("deploy-with-lock"),
                "sh",
                "-c", "echo ran >> $HERE/log",
            ], environment: fixture.environment())
        usleep(400_000)
        fixture.write("s.go", "")
        let result = try child.finish()
        #expect(try stranger.finish().code == 0)
        return result
    }

    @Test(arguments: ["ENOLCK", "EIO", "ENOSPC", "EBADF"])
    func `a blocking wait that fails once lets nobody in`(_ error: String) throws {
        let fixture = try Fixture()
        // The waiting thread makes one call.
        let result = try wait(fixture, error, "1")
        let log = fixture.lines("log")
        if result.code == 0 {
            #expect(log == ["end", "ran"], "\(error)")
        } else {
            #expect(log == ["end"] && result.code == 66, "\(error): \(result.errors)")
        }
    }

    @Test func `a wait that fails each time ends with the reason, and nothing runs`() throws {
        let fixture = try Fixture()
        let result = try wait(fixture, "ENOLCK", "2+")
        #expect(result.code == 66, "\(result.errors)")
        #expect(result.errors.contains("No locks available"), "\(result.errors)")
        #expect(fixture.lines("log") == ["end"])
    }

    @Test func `a descriptor open for reading that cannot be locked is opened for writing`() throws
    {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        for nth in 1...6 {
            let result = try ChildProcess.run(
                [
                    "strace", "-f", "-b", "execve", "-qq", "-o", "/dev/null", "-P", fixture.lock,
                    "-e", "trace=flock", "-e", "inject=flock:error=EBADF:when=\(nth)",
                    BuiltTool.path("deploy-with-lock"), "sh", "-c", "exit 4",
                ], environment: fixture.environment())
            #expect(result.code == 4, "\(nth): \(result.errors)")
        }
        #expect(try fixture.isFree)
    }
}
