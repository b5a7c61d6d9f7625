import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite struct NestedTests {
    private let tool = BuiltTool.path("deploy-with-lock")

    @Test func aNestedCallRunsAndIsRecordedInsteadOfWaitingForItself() throws {
        let fixture = try Fixture()
        let result = try fixture.run([
            tool, "--timeout", "60", "sh", "-c", "echo $DEPLOY_NUMBER; exit 6",
        ])
        #expect(result.code == 6)
        #expect(result.output == "1\n")
        #expect(try fixture.events(1) == ["requested", "acquired", "nested", "released failed"])
    }

    @Test func itIsRecognisedWithoutEnvironmentAndDescriptor() throws {
        let fixture = try Fixture()
        let script = """
            import os, subprocess, sys
            env = {k: v for k, v in os.environ.items() if k not in ("DEPLOY_ID", "DEPLOY_NUMBER")}
            sys.exit(subprocess.run(["\(tool)", "sh", "-c", "echo $DEPLOY_NUMBER"], env=env).returncode)
            """
        let result = try fixture.run(["python3", "-c", script])
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output == "1\n")
        #expect(try fixture.query("SELECT count(*) FROM event WHERE kind = 'nested'") == ["1"])
    }

    @Test func anotherLockInsideIsAnOrdinaryDeployment() throws {
        let fixture = try Fixture()
        let other = fixture.directory.file("other.lock")
        let result = try fixture.run([tool, "--lock-file", other, "true"])
        #expect(result.code == 0)
        #expect(try fixture.query("SELECT count(*) FROM deployment") == ["2"])
    }

    @Test func aDaemonOfAFinishedDeploymentIsNotNested() throws {
        let fixture = try Fixture()
        let script = """
            (while [ ! -e $HERE/now ]; do sleep 0.01; done
             \(tool) true 2> $HERE/late; : > $HERE/done) > /dev/null 2>&1 &
            """
        #expect(try fixture.run(["sh", "-c", script]).code == 0)
        fixture.write("now", "")
        #expect(eventually { fixture.exists("done") })
        #expect(try fixture.outcomes() == ["1 succeeded", "2 succeeded"])
    }

    @Test func theCommandLearnsItsNumberIdAndLock() throws {
        let fixture = try Fixture()
        let result = try fixture.run([
            "sh", "-c", "echo $DEPLOY_NUMBER $DEPLOY_LOCK_FILE $DEPLOY_ID",
        ])
        let id = try fixture.query("SELECT id FROM deployment")[0]
        #expect(result.output == "1 \(fixture.lock) \(id)\n")
    }

    @Test func argumentsPassByteForByte() throws {
        let fixture = try Fixture()
        let script = #"exec "$0" -- printf '%s|' "$(printf 'a\377b')" '' 'x y' -- --quiet"#
        let result = try ChildProcess.run(
            ["bash", "-c", script + " | od -An -c", tool], environment: fixture.environment())
        #expect(result.output.contains("377"))
        let plain = try fixture.run(["printf", "%s|", "", "x y", "--", "--quiet"])
        #expect(plain.output == "|x y|--|--quiet|")
    }

    @Test func theHoldersFactsArePublishedAndTakenBack() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("a", options: ["--tier", "docker", "--source", "ssh"])
        let path = fixture.directory.file("deploy.info")
        #expect(eventually { FileSystem.exists(path) })
        let info = fixture.read("deploy.info")
        for words in [
            "\"pid\":\(holder.pid)", "\"number\":1", "\"tier\":\"docker\"",
            "\"source\":\"ssh\"", "\"command\":\"sh -c", "\"command_pid\":", "\"hostname\":",
        ] {
            #expect(info.contains(words), "\(words) in \(info)")
        }
        fixture.letGo("a")
        #expect(try holder.finish().code == 0)
        #expect(!FileSystem.exists(path))
    }
}
