import SystemCalls
import TestSupport
import Testing

/// A section of a page that is played: its commands run one after another, and what they print is
/// compared with what the page says.
///
/// The page shows root on the host `web1`, the lock in `/run/lock`, the application in `/srv/app` and
/// kept output in `/var/log/deploys`; here they are where the test is.
final class PlayedSection {
    /// A command of the page.
    private struct Step {
        let command: String
        /// What it prints; nil where the page does not show it.
        var output: String?
    }

    let fixture: Fixture
    private let environment: [String: String?]
    private var steps: [Step]

    /// - Parameters:
    ///   - page: a file, such as `docs/troubleshooting.md`.
    ///   - heading: the section's.
    ///   - environment: for the commands, beside that of the fixture.
    init(
        _ page: String, _ heading: String, in fixture: Fixture,
        environment: [String: String?] = [:]
    ) throws {
        self.fixture = fixture
        try fixture.makeFolder("app")
        let tools = Path.parent(of: BuiltTool.path("x"))
        let path = "\(fixture.directory.file("bin")):\(tools):\(Environment.value("PATH") ?? "")"
        self.environment = fixture.environment(
            ["PATH": path, "TZ": "UTC"].merging(environment) { $1 })
        let text = String(decoding: try FileSystem.read(Repository.path(page)), as: UTF8.self)
        let start = try #require(text.firstRange(of: "\n## \(heading)\n"), "\(heading)")
        let rest = text[start.upperBound...]
        steps = Self.steps(in: rest[..<(rest.firstRange(of: "\n## ")?.lowerBound ?? rest.endIndex)])
    }

    /// The commands of a section that the tools here can run, in order.
    private static func steps(in text: Substring) -> [Step] {
        var steps: [Step] = []
        var block: (indent: Int, language: Substring, lines: [Substring])?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let indent = line.prefix { $0 == " " }.count
            let fence = line.dropFirst(indent)
            if let open = block, fence == "```" {
                if open.language == "", let first = open.lines.first, first.hasPrefix("$ ") {
                    let output = open.lines.dropFirst().map { $0 + "\n" }.joined()
                    steps.append(Step(command: String(first.dropFirst(2)), output: output))
                } else if open.language == "sh" {
                    steps += open.lines.map { Step(command: String($0)) }
                }
                block = nil
            } else if fence.hasPrefix("```") {
                block = (indent, fence.dropFirst(3), [])
            } else if let open = block {
                block?.lines.append(line.dropFirst(open.indent))
            }
        }
        return steps.filter { step in
            ["deploy", "check-deploy", "kill "].contains { step.command.hasPrefix($0) }
        }
    }

    /// Plays the next command, which begins like this.
    ///
    /// - Parameters:
    ///   - more: options that the page does without.
    ///   - changes: what is another here than on the page, such as a process id.
    func next(
        _ beginning: String, adding more: String = "",
        where changes: [(page: String, here: String)] = [],
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        let step = try #require(steps.first, "\(beginning)", sourceLocation: location)
        steps.removeFirst()
        let (command, wanted) = (here(step.command, changes), step.output.map { here($0, changes) })
        guard command.hasPrefix(beginning) else {
            Issue.record("the page has '\(command)' for '\(beginning)'", sourceLocation: location)
            return
        }
        try fixture.settle()
        let result = try ChildProcess.run(
            ["sh", "-c", "cd $HERE/app && { \(command) \(more)\n} 2>&1"], environment: environment)
        if let wanted {
            #expect(
                transcript(result.output) == transcript(wanted), "\(command)",
                sourceLocation: location)
        } else {
            #expect(result.code == 0, "\(command): \(result.output)", sourceLocation: location)
        }
    }

    /// Every command of the section was played.
    func expectEnd(_ location: SourceLocation = #_sourceLocation) {
        #expect(steps.map(\.command) == [], sourceLocation: location)
    }

    /// Starts a deployment as the page shows them, and waits until it is at work or in the queue.
    func deploy(_ sha: String, options: [String] = [], waits: Bool = false) throws -> ChildProcess {
        let enter = "cd $HERE/app && exec \"$0\" \"$@\""
        let child = try ChildProcess(
            ["sh", "-c", enter, BuiltTool.path("deploy-with-lock"), "--sha", sha]
                + options + ["--", "./deploy.sh", sha], environment: environment)
        try #require(
            eventually {
                waits
                    ? child.errors.contains("waiting for the lock") : fixture.exists("\(sha).up")
            }, "\(child.errors)")
        return child
    }

    /// The page's text with what is here.
    private func here(_ text: String, _ changes: [(page: String, here: String)]) -> String {
        let names = [
            ("/run/lock/", fixture.directory.path + "/"),
            ("/srv/app", fixture.directory.file("app")),
            ("/var/log/deploys", fixture.directory.file("logs")), ("web1", Machine.hostName),
            ("root", User.name(of: User.effectiveID)),
        ]
        return (names + changes).reduce(text) { $0.replacing($1.0, with: $1.1) }
    }

    private func transcript(_ text: String) -> String {
        fixture.transcript(
            text.replacing(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, with: "TIME")
                .replacing(/process +\d+ on \S+/, with: "process PID on HOST"))
    }
}
