import Glibc
import SystemCalls
import TestSupport
import Testing

/// The examples are checked with what others check theirs with; scripts/test installs it.
@Suite("Examples")
struct ExamplesTests {
    private static let root = Repository.root
    private static let haveSystemd =
        (try? ChildProcess.run(["systemd-analyze", "--version"]))?.code == 0

    private func path(_ name: String) -> String { Self.root + "/examples/" + name }

    @Test(.enabled(if: haveSystemd))
    func `systemd accepts the service and timer`() throws {
        let directory = try TemporaryDirectory()
        let units = ["deploy-report", "deploy-report-mail"].flatMap {
            ["\($0).timer", "\($0).service"]
        }
        for name in units {
            // Where the tools are in this test.
            let text = String(decoding: try FileSystem.read(path("systemd/" + name)), as: UTF8.self)
            try GitHubStandIn.write(
                text.replacing("/usr/local/bin/deploystats", with: BuiltTool.path("deploystats")),
                to: directory.file(name))
        }
        let result = try ChildProcess.run(
            ["systemd-analyze", "verify", "--man=no"]
                + units.map(directory.file))
        #expect(result.code == 0, "\(result.errors)")
        let calendar = try ChildProcess.run(["systemd-analyze", "calendar", "Mon 07:00"])
        #expect(calendar.code == 0)
    }

    @Test(.enabled(if: haveSystemd))
    func `systemd accepts the dashboard's service and finds it well confined`() throws {
        let directory = try TemporaryDirectory()
        let name = "deploy-dashboard.service"
        let text = String(decoding: try FileSystem.read(path("systemd/" + name)), as: UTF8.self)
        try GitHubStandIn.write(
            text.replacing(
                "/usr/local/bin/deploy-dashboard", with: BuiltTool.path("deploy-dashboard")),
            to: directory.file(name))
        let valid = try ChildProcess.run([
            "systemd-analyze", "verify", "--man=no", directory.file(name),
        ])
        #expect(valid.code == 0, "\(valid.errors)")
        // 0 is no access to anything, 10 is all that a user can do; in tenths.
        let confined = try ChildProcess.run([
            "systemd-analyze", "security", "--offline=yes", "--threshold=20", directory.file(name),
        ])
        #expect(confined.code == 0, "\(confined.output)\(confined.errors)")
    }
}
