import Glibc
import SystemCalls
import TestSupport
import Testing

/// `--syslog`, with a socket that stands in for the journal where only these programs see it.
@Suite(.enabled(if: PrivateMounts.arePossible))
struct SyslogTests {
    private let fixture: Fixture
    private let receiver: DatagramReceiver
    private let mounts: PrivateMounts

    init() throws {
        fixture = try Fixture()
        receiver = try DatagramReceiver(at: fixture.directory.file("journal"))
        mounts = try PrivateMounts(
            """
            mount -t tmpfs none /run
            mkdir -p /run/systemd/journal
            touch /run/systemd/journal/socket
            mount --bind \(receiver.path) /run/systemd/journal/socket
            """)
    }

    private func start(
        _ options: [String], environment: [String: String?] = [:]
    ) throws -> ChildProcess {
        try mounts.start(
            [BuiltTool.path("deploy-with-lock")] + options,
            environment: fixture.environment(environment))
    }

    /// Number and event of each entry.
    private var entries: [String] {
        receiver.take().map { bytes in
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            func value(_ name: String) -> String {
                lines.first { $0.hasPrefix(name + "=") }
                    .map { String($0.dropFirst(name.utf8.count + 1)) } ?? "-"
            }
            return "\(value("DEPLOY_NUMBER")) \(value("DEPLOY_EVENT")) \(value("DEPLOY_OUTCOME"))"
        }
    }

    @Test func `the journal has what the ledger has`() throws {
        #expect(try start(["--syslog", "true"]).finish().code == 0)
        #expect(
            try start(
                [
                    "--health-check", "false", "--health-delay", "0", "--health-retries", "1",
                    "--rollback", "true", "true",
                ], environment: ["DEPLOY_SYSLOG": "yes"]
            ).finish().code == 69)
        #expect(try start(["false"]).finish().code == 1)
        #expect(
            entries == [
                "1 requested -", "1 acquired -", "1 released succeeded",
                "2 requested -", "2 acquired -", "2 health_checked -", "2 rolled_back -",
                "2 released failed",
            ])
    }

    @Test func `a broken ledger does not keep it from there`() throws {
        fixture.write("nothing", "")
        let result = try start(
            ["--syslog", "false"],
            environment: ["DEPLOY_LEDGER": fixture.directory.file("nothing/ledger.db")]
        ).finish()
        #expect(result.code == 1, "\(result.errors)")
        #expect(entries == ["1 requested -", "1 acquired -", "1 released failed"])
    }

    @Test func `after the wrapper is killed its keeper goes on`() throws {
        let child = try start([
            "--syslog", "sh", "-c", ": > $HERE/up; while [ ! -e $HERE/go ]; do sleep 0.01; done",
        ])
        try #require(eventually { fixture.exists("up") }, "\(child.errors)")
        try fixture.killWrapper(child)
        fixture.write("go", "")
        var seen: [String] = []
        #expect(
            eventually {
                seen += entries
                return seen.contains("1 released failed") || seen.contains("1 released succeeded")
                    || seen.contains("1 released orphaned")
            }, "\(seen)")
        #expect(seen.contains("1 wrapper_lost -"), "\(seen)")
    }

    @Test func `freezes and their ends are there, too`() throws {
        let environment = fixture.environment(["DEPLOY_SYSLOG": "yes"])
        for words in [["freeze", "--until", "+1h", "--reason", "release"], ["unfreeze", "--all"]] {
            let result = try mounts.run(
                [BuiltTool.path("deploystats")] + words, environment: environment)
            #expect(result.code == 0, "\(result.errors)")
        }
        #expect(entries == ["- frozen -", "- unfrozen -"])
    }

    @Test func `one that is found dead is there, too`() throws {
        let child = try start(["--syslog", "sh", "-c", "echo $$ > $HERE/pid; exec sleep 600"])
        let isRunning = eventually { pid_t(fixture.lines("pid").first ?? "") != nil }
        try #require(isRunning, "\(child.errors)")
        try fixture.killBoth(child)
        kill(try #require(pid_t(fixture.lines("pid").first ?? "")), SIGKILL)
        _ = entries
        #expect(try start(["--syslog", "true"]).finish().code == 0)
        let seen = entries
        #expect(seen.contains("1 orphaned orphaned"), "\(seen)")
    }
}
