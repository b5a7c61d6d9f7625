import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite struct HealthCheckTests {
    private let quick = ["--health-delay", "0", "--health-interval", "0"]

    @Test func `a check knows which deployment it is about`() throws {
        let fixture = try Fixture()
        let line = """
            echo $DEPLOY_NUMBER $DEPLOY_SHA $DEPLOY_REF $DEPLOY_TIER \
            $DEPLOY_HEALTH_ATTEMPT/$DEPLOY_HEALTH_ATTEMPTS >> $HERE/told; \
            [ -n "$DEPLOY_ID" ] && [ $DEPLOY_HEALTH_ATTEMPT = 2 ]
            """
        let result = try fixture.run(
            quick + [
                "--sha", "abc123", "--ref", "main", "--tier", "docker", "--health-check", line,
                "true",
            ])
        #expect(result.code == 0, "\(result.errors)")
        #expect(fixture.lines("told") == ["1 abc123 main docker 1/3", "1 abc123 main docker 2/3"])
        #expect(result.errors.contains("#1 health check: up to 3 attempts of 10s, 0s apart"))
        #expect(result.errors.contains("health check attempt 1/3: unhealthy"))
        #expect(result.errors.contains("health check attempt 2/3: healthy"))
    }

    @Test func `the plan is said before the first attempt`() throws {
        let fixture = try Fixture()
        let child = try fixture.start(["--health-check", "true", "true"])
        try #require(
            eventually {
                child.errors.contains(
                    "health check: 30s, then up to 3 attempts of 10s, 5s apart: at most 1m10s")
            })
        child.kill(SIGTERM)
        #expect(try child.finish().code == 128 + SIGTERM)
    }

    /// Attempts that succeed are marked with 1.
    private static let looks: [(stable: Int, attempts: Int, looks: String, code: CInt)] = [
        (2, 5, "11", 0), (2, 5, "0101", 69), (2, 4, "1011", 0), (3, 5, "011", 69), (1, 3, "001", 0),
        (2, 3, "10", 69),
    ]

    @Test(arguments: looks)
    func `enough have to succeed in a row, and no attempt is made in vain`(
        _ stable: Int, _ attempts: Int, _ looks: String, _ code: CInt
    ) throws {
        let fixture = try Fixture()
        let line = """
            echo x >> $HERE/looks; n=$(wc -l < $HERE/looks); \
            [ "$(printf %s \(looks)0000 | cut -c $n)" = 1 ]
            """
        let result = try fixture.run(
            quick + [
                "--health-stable", "\(stable)", "--health-retries", "\(attempts)",
                "--health-check", line, "true",
            ])
        #expect(result.code == code, "\(result.errors)")
        // Of one that fails, as many as could still have made it succeed.
        if code == 0 { #expect(fixture.lines("looks").count == looks.count) }
        #expect(fixture.lines("looks").count <= attempts)
    }

    @Test func `a check that hangs is ended with all it started`() throws {
        let fixture = try Fixture()
        let result = try fixture.run(
            quick + [
                "--health-retries", "1", "--health-timeout", "0.3s", "--health-check",
                "trap '' TERM; sleep 600 & echo $! > $HERE/child; sleep 600; sleep 600", "true",
            ])
        #expect(result.code == 69, "\(result.errors)")
        let child = try #require(pid_t(fixture.lines("child").first ?? ""))
        #expect(eventually { kill(child, 0) == -1 || fixture.isZombie(child) })
        #expect(try fixture.results() == ["timed_out"])
    }

    @Test func `what is not executable is not tried again`() throws {
        let fixture = try Fixture()
        fixture.write("check", "#!/no/such/interpreter\n")
        chmod(fixture.directory.file("check"), 0o755)
        let result = try fixture.run(
            quick + ["--health-check", "$HERE/check", "--health-retries", "5", "true"])
        #expect(result.code == 69, "\(result.errors)")
        #expect(try fixture.results() == ["not_run"])
    }

    @Test func `the end of what a failed attempt printed is kept, without secrets`() throws {
        let fixture = try Fixture()
        let line =
            "head -c 1048576 /dev/zero | tr '\\0' x; echo; echo API_TOKEN=hunter2hunter2; exit 4"
        let result = try fixture.run(
            quick + ["--health-retries", "1", "--health-check", line, "true"])
        #expect(result.code == 69)
        let kept = try fixture.query(
            """
            SELECT detail FROM event JOIN event_detail USING (seq) WHERE kind = 'health_checked'
            """
        ).joined()
        #expect(kept.contains("xxxx") && !kept.contains("hunter2"))
        #expect(kept.utf8.count < 4096)
        #expect(!result.errors.contains("hunter2"))
    }

    @Test func `an attempt that prints without end does not fill the memory`() throws {
        let fixture = try Fixture()
        let result = try fixture.run(
            quick + [
                "--health-retries", "1", "--health-timeout", "1s", "--health-check", "yes", "true",
            ])
        #expect(result.code == 69, "\(result.errors)")
        #expect(try fixture.results() == ["timed_out"])
    }

    @Test func `a forced unlock ends the check and nothing is rolled back`() throws {
        let fixture = try Fixture()
        let child = try fixture.start([
            "--health-check", "true", "--health-delay", "10m", "--rollback", ": > $HERE/rolled",
            "true",
        ])
        try #require(eventually { child.errors.contains("health check: 10m, then") })
        let unlock = try ChildProcess(
            [BuiltTool.path("check-deploy-lock"), "--force-unlock", "--yes", "--reason", "x"],
            environment: fixture.environment()
        ).finish()
        #expect(unlock.code == 0, "\(unlock.errors)")
        #expect(try child.finish().code == 69)
        #expect(!fixture.exists("rolled"))
        #expect(try fixture.outcomes() == ["1 force_unlocked"])
    }

    @Test func `who waits for the deployment that covers it hears of its check`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("holder")
        let batch = ["--yield-to-newer", "--batch-key", "web"]
        let covered = try fixture.start(batch + ["--wait-covered", "true"])
        try #require(eventually { covered.errors.contains("waiting for the lock") })
        let covering = try fixture.start(
            batch + quick + ["--health-check", "exit 1", "--health-exit-code", "75", "true"])
        try #require(eventually { covering.errors.contains("waiting for the lock") })
        fixture.letGo("holder")
        #expect(try holder.finish().code == 0)
        #expect(try covering.finish().code == 75)
        let result = try covered.finish()
        #expect(result.code == 75, "\(result.errors)")
    }
}

extension Fixture {
    /// What became of each attempt of a check.
    func results() throws -> [String] {
        try query(
            "SELECT record ->> '$.result' FROM event WHERE kind = 'health_checked' ORDER BY seq")
    }

    func isZombie(_ pid: pid_t) -> Bool {
        let fields = (try? FileSystem.read("/proc/\(pid)/stat")) ?? []
        return String(decoding: fields, as: UTF8.self).contains(") Z ")
    }
}
