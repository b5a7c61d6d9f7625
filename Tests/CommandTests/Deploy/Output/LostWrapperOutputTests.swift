import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite struct LostWrapperOutputTests {
    @Test func `a command whose wrapper is killed goes on printing into the file`() throws {
        let fixture = try Fixture()
        let script =
            "echo before; : > $HERE/up; while [ ! -e $HERE/go ]; do sleep 0.01; done; "
            + "seq 1000; echo after; exit 5"
        let wrapper = try fixture.startKeeping(script, options: ["--log-reserve", "8M"])
        #expect(eventually { fixture.exists("up") })
        try fixture.killWrapper(wrapper)
        fixture.write("go", "")
        #expect(eventually { (try? fixture.outcomes()) == ["1 failed"] })
        let text = "before\n" + (1...1000).map { "\($0)\n" }.joined() + "after\n"
        #expect(try fixture.log(1) == text)
        #expect(try fixture.released(1, "log_bytes") == String(text.utf8.count))
        #expect(try fixture.released(1, "log_sha256") == fixture.sha256(text))
        // The space it did not need is free again, and the failure is remembered.
        let file = "\(fixture.logs)/\(try #require(fixture.logNames.first))"
        #expect(eventually { ((try? FileSystem.status(file).allocated) ?? .max) < 1 << 20 })
        #expect(
            eventually {
                (try? FileSystem.entries(of: fixture.logs))?.contains { $0.hasPrefix(".failed-") }
                    ?? false
            })
    }

    @Test func `a closed connection is no reason to end`() throws {
        let fixture = try Fixture()
        let script = "while [ ! -e $HERE/go ]; do sleep 0.01; echo line; done; echo whole"
        let wrapper = try fixture.startKeeping(script)
        #expect(eventually { wrapper.output.contains("line") })
        let keeper = try fixture.keeper(of: wrapper)
        #expect(
            try !FileSystem.entries(of: "/proc/\(keeper)/fd").contains {
                FileSystem.resolved("/proc/\(keeper)/fd/\($0)")?.hasSuffix(".log") ?? false
            })
        try fixture.killWrapper(wrapper)
        fixture.write("go", "")
        #expect(eventually { (try? fixture.outcomes()) == ["1 succeeded"] })
        #expect(try fixture.log(1)?.hasSuffix("line\nwhole\n") == true)
    }
}
