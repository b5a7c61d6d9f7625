import Glibc
import Processes
import SystemCalls
import Testing

@Suite struct CapturedRunTests {
    private func capture(
        _ script: String, timeout: Int64 = 60_000_000, withChildren: Bool = false,
        limit: Int = 1 << 20
    ) throws -> CapturedRun {
        try Command(["/bin/sh", "-c", script]).capture(
            environment: [("WORD", "x y")], timeout: timeout, withChildren: withChildren,
            limit: limit)
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func `a captured run keeps the output and the end`() throws {
        let run = try capture("echo \"$WORD\"; cat; echo no >&2; exit 3")
        #expect(run.status == .exited(3))
        #expect(text(run.output) == "x y\n")
        #expect(text(run.errors) == "no\n")
        #expect(try capture("kill -TERM $$").status == .signalled(SIGTERM))
    }

    @Test func `a captured run takes more than a pipe holds and no more than the limit`() throws {
        let much = try capture("head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2")
        #expect(much.output.count == 300_000)
        #expect(much.errors.count == 300_000)
        #expect(try capture("head -c 300000 /dev/zero", limit: 1000).output.count == 1000)
    }

    @Test func `a captured run waits neither for what is left behind nor for what goes on`() throws
    {
        let left = try capture("sleep 600 & echo $!")
        #expect(left.status == .exited(0))
        let pid = try #require(pid_t(text(left.output).split(separator: "\n").first ?? ""))
        #expect(kill(pid, SIGKILL) == 0)
        for script in ["sleep 600", "yes"] {
            #expect(try capture(script, timeout: 50_000, withChildren: true).status == nil)
        }
    }

    @Test func `a captured run ends what it started together`() throws {
        let run = try capture("sleep 600 & echo $!; wait", timeout: 500_000, withChildren: true)
        #expect(run.status == nil)
        // A busy machine may have had no time to say who it is.
        guard let pid = pid_t(text(run.output).split(separator: "\n").first ?? "") else { return }
        let deadline = Clock.monotonicMicroseconds() + 60_000_000
        while (try? FileSystem.read("/proc/\(pid)/cmdline"))?.isEmpty == false {
            try #require(Clock.monotonicMicroseconds() < deadline)
            usleep(2000)
        }
    }

    @Test func `a program that cannot be started is reported`() {
        #expect(throws: SystemError.self) {
            try Command(["/nowhere/program"]).capture(timeout: 1_000_000)
        }
    }
}
