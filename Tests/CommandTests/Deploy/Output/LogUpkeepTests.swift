import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite struct LogUpkeepTests {
    @Test func `kept output is compressed once nobody writes it`() throws {
        let fixture = try Fixture()
        #expect(try fixture.keep("seq 100000").code == 0)
        #expect(fixture.isCompressed)
        #expect(fixture.logNames.count == 1)
        #expect(try fixture.log(1) == (1...100_000).map { "\($0)\n" }.joined())
        // Nothing else is left behind.
        #expect(eventually { (try? FileSystem.entries(of: fixture.logs).count) == 1 })
    }

    @Test func `without gzip it stays, and only the space that was reserved goes`() throws {
        let fixture = try Fixture()
        try fixture.makeFolder("bin")
        #expect(symlink("/bin/sh", fixture.directory.file("bin/sh")) == 0)
        let result = try fixture.keep(
            "echo plain", options: ["--log-reserve", "8M"],
            environment: ["PATH": fixture.directory.file("bin")])
        #expect(result.code == 0)
        let name = try #require(fixture.logNames.first)
        #expect(name.hasSuffix(".log"))
        #expect(try FileSystem.status("\(fixture.logs)/\(name)").allocated < 1 << 20)
        // A later one that can compresses it.
        #expect(try fixture.keep("echo more").code == 0)
        #expect(fixture.isCompressed)
        #expect(try fixture.log(1) == "plain\n")
    }

    /// The name of kept output of a deployment of some days ago.
    private func name(_ number: Int, daysAgo days: Int64) -> String {
        let time = Clock.wallMicroseconds() / 1000 - days * 86_400_000
        let digits = String(time, radix: 16)
        let padded = String(repeating: "0", count: 12 - digits.count) + digits
        let tail = String(number + 0x1000_0000_0000, radix: 16).suffix(12)
        return "\(number)-\(padded.prefix(8))-\(padded.suffix(4))-7000-8000-\(tail).log"
    }

    @Test func `of ten thousand old files each run removes a thousand`() throws {
        let fixture = try Fixture()
        try FileSystem.makeDirectory(fixture.logs, mode: 0o700)
        for number in 1000..<11_000 { fixture.write("logs/" + name(number, daysAgo: 40), "x") }
        fixture.write("logs/" + name(11_000, daysAgo: 10), "recent")
        fixture.write("logs/notes.log", "somebody's")
        let options = ["--log-max-age", "30d"]
        #expect(try fixture.keep("echo first", options: options).code == 0)
        func left() -> Set<Int> {
            Set(fixture.logNames.compactMap { Int($0.prefix { $0 != "-" }) }).filter { $0 >= 1000 }
        }
        #expect(left().count == 9000 + 1)
        // One that is being compressed is left to the next run.
        let isDone = try eventually {
            _ = try fixture.keep("echo more", options: options)
            return left() == [11_000]
        }
        #expect(isDone)
        #expect(fixture.logNames.contains("notes.log"))
    }

    @Test func `the oldest go first where there is too much, the newest failure stays`() throws {
        let fixture = try Fixture()
        // Nobody compresses, so that sizes are known.
        try fixture.makeFolder("bin")
        for program in ["sh", "head", "yes"] {
            let found = ["/bin/", "/usr/bin/"].map { $0 + program }.first(where: FileSystem.exists)
            #expect(symlink(try #require(found), fixture.directory.file("bin/\(program)")) == 0)
        }
        let path = ["PATH": fixture.directory.file("bin")]
        let print = "yes | head -c 100000"
        func deploy(_ script: String) throws {
            _ = try fixture.keep(
                script, options: ["--log-max-size", "350K"], environment: path)
            #expect(fixture.awaitUpkeep())
        }
        try deploy("\(print); exit 1")
        for _ in 2...6 { try deploy(print) }
        #expect(fixture.logNames.map { $0.prefix(2) } == ["1-", "5-", "6-"])
        // The next failure takes its place.
        try deploy("\(print); exit 1")
        try deploy(print)
        #expect(fixture.logNames.map { $0.prefix(2) } == ["6-", "7-", "8-"])
    }

    @Test func `deployments under several locks share a directory`() throws {
        let fixture = try Fixture()
        let children = try (1...8).map { number in
            try fixture.start(
                [
                    "--lock-file", fixture.directory.file("\(number).lock"), "--log-dir",
                    fixture.logs, "--log-reserve", "1M", "seq", "\(number)", "20000",
                ])
        }
        for child in children { #expect(try child.finish().code == 0) }
        #expect(fixture.awaitUpkeep())
        // Two that look at one file at a time may both leave it to the next one.
        let isDone = try eventually {
            if fixture.logNames.allSatisfy({ $0.hasSuffix(".gz") }) { return true }
            _ = try fixture.keep("echo last")
            return !fixture.awaitUpkeep()
        }
        #expect(isDone)
        let texts = try fixture.logNames.map {
            try ChildProcess.run(["zcat", "\(fixture.logs)/\($0)"]).output
        }
        let expected = (1...8).map { ($0...20_000).map { "\($0)\n" }.joined() }
        #expect(Set(texts).subtracting(["last\n"]) == Set(expected))
    }

    @Test func `what a killed gzip left is removed`() throws {
        let fixture = try Fixture()
        try FileSystem.makeDirectory(fixture.logs, mode: 0o700)
        let draft = "." + name(7, daysAgo: 1) + ".gz.0123456789abcdef.tmp"
        fixture.write("logs/" + draft, "half")
        #expect(try fixture.keep("echo a").code == 0)
        #expect(eventually { !fixture.exists("logs/" + draft) })
    }
}
