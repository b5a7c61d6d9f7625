import TestSupport
import Testing

/// What the tools tell of a deployment that was checked, rolled back, limited or frozen.
@Suite struct LifecycleStatsTests {
    private let unhealthy = [
        "--health-check", "echo no answer; exit 7", "--health-delay", "0", "--health-retries", "2",
        "--health-interval", "0",
    ]

    @Test func `show, list, figures and alerts tell of one that was rolled back`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["--sha", "good", "true"]).code == 0)
        let result = try fixture.run(
            ["--sha", "sick", "--tier", "docker"] + unhealthy + ["--rollback", "exit 0", "true"])
        #expect(result.code == 69, "\(result.errors)")
        try fixture.settle()
        let story = try fixture.stats("show", "2").output
        for words in [
            #/  check      unhealthy after 2 attempts, .*\n/#, #/  rollback   done, .*\n/#,
            #/  exit code  69, that of the command is 0\n/#,
            #/Attempt 1\/2 of the check failed with exit code 7 after .*\n +\| no answer\n/#,
            #/The rollback succeeded after .* \(failed step: health\); the last good deployment was #1 \(good\)\.\n/#,
            #/The command succeeded after .* \(health\); its check FAILED; it was rolled back; the lock was released\.\n/#,
        ] {
            #expect(story.contains(words), "\(story)")
        }
        let list = try fixture.stats("deployments").output
        #expect(list.contains("failed (unhealthy, rolled back)"), "\(list)")
        let text = try fixture.stats("alerts").output
        #expect(text.contains(#/failed: #2 of .* \(unhealthy, rolled back\)/#), "\(text)")
        let figures = try fixture.figures()
        #expect(figures["deploy_failures_total{tier=\"docker\",reason=\"health\"}"] == "1")
        #expect(figures["deploy_rollbacks_total{result=\"done\"}"] == "1")
        #expect(try fixture.stats("verify").code == 0)
    }

    @Test func `a rollback that fails is critical`() throws {
        let fixture = try Fixture()
        let result = try fixture.run(["--rollback", "exit 4", "sh", "-c", "exit 3"])
        #expect(result.code == 3, "\(result.errors)")
        try fixture.settle()
        #expect(
            try fixture.alerts(["-w", "missed_targets=none"])
                == ["critical failed_rollbacks", "warning last_failed"])
        let failures = try fixture.stats("query", "failures", "--format", "csv").output
        #expect(failures.contains(",command,,3,,,failed,"), "\(failures)")
    }

    @Test func `one that is ended by its limit is counted as that`() throws {
        let fixture = try Fixture()
        let result = try fixture.run(["--max-duration", "0.2s", "--grace", "1s", "sleep", "600"])
        #expect(result.code == 124, "\(result.errors)")
        try fixture.settle()
        #expect(try fixture.figures()["deploy_overruns_total"] == "1")
        #expect(
            try fixture.stats("show", "1").output.contains(
                "The command ran longer than 200ms, its --max-duration.\n"))
    }

    @Test func `a freeze and who overrode it are seen`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        try fixture.settle()
        let frozen = try fixture.stats(
            "freeze", "--until", "+2h", "--reason", "audit", "--lock-file", fixture.lock)
        #expect(frozen.code == 0, "\(frozen.errors)")
        #expect(try fixture.run(["--override-freeze", "outage", "true"]).code == 0)
        try fixture.settle()
        let text = try fixture.stats("alerts", "--lock-file", fixture.lock).output
        #expect(text.contains(#/Freeze:  .* is frozen by .* \(audit\)\n/#), "\(text)")
        #expect(text.contains(#/Freeze:  overridden by #2 of .* \(outage\)\n/#), "\(text)")
        let figures = try fixture.figures()
        #expect(figures["deploy_lock_frozen{lock=\"\(fixture.lock)\"}"] == "1")
        #expect(figures["deploy_freeze_overrides_total"] == "1")
        let story = try fixture.stats("show", "2").output
        #expect(story.contains("  override   in spite of a freeze: outage\n"), "\(story)")
        #expect(
            try fixture.stats("query", "overrides", "--format", "csv").output.contains("outage"))
        let ended = try fixture.stats("unfreeze", "--all", "--lock-file", fixture.lock)
        #expect(ended.code == 0, "\(ended.errors)")
        let after = try fixture.stats("alerts", "--lock-file", fixture.lock).output
        #expect(!after.contains("is frozen"), "\(after)")
    }
}

extension Fixture {
    /// The values of all samples for Prometheus, by their names and labels without the ledger's.
    fileprivate func figures() throws -> [Substring: String] {
        let text = try stats("metrics", "--format", "prometheus", "--lock-file", lock).output
        let samples = text.split(separator: "\n").filter { $0.first != "#" }
        let label = "ledger=\"\(ledger)\""
        return Dictionary(
            samples.compactMap { line in
                guard let space = line.lastIndex(of: " ") else { return nil }
                let name = String(line[..<space])
                    .replacing(",\(label)", with: "").replacing("{\(label)}", with: "")
                return (Substring(name), String(line[line.index(after: space)...]))
            }, uniquingKeysWith: { first, _ in first })
    }
}
