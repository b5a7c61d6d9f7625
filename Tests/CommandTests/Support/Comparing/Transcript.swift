import Glibc
import SystemCalls
import TestSupport
import Testing

extension Fixture {
    /// What a tool printed, with everything that differs from run to run masked, so that a whole text
    /// can be compared.
    ///
    /// Paths, ids, heads, pids, users, hosts, times and lengths of time become words in capitals;
    /// columns are two blanks apart, blanks at the ends of lines go, and so does
    /// the line that a ledger begins, which the first one to record prints.
    func transcript(_ text: String) -> String {
        var text = text.replacing("\r\n", with: "\n")
        text = text.replacing(directory.path, with: "HERE")
        text = text.replacing(Path.parent(of: BuiltTool.path("x")) + "/", with: "")
        text = text.replacing(/deploy-with-lock: a new ledger begins: .*\n/, with: "")
        // Anybody but root is told that they may not see everything.
        text = text.replacing(/Note: some processes belong to others.*\n/, with: "")
        text = text.replacing(/\ *\(those of other users may be missing.*\n/, with: "")
        text = text.replacing(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, with: "ID")
        text = text.replacing(/saved facts: \{.*\}/, with: "saved facts: {FACTS}")
        text = text.replacing(/ledger \d+:[0-9a-f]+…?/, with: "ledger HEAD")
        text = text.replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/, with: "TIME")
        text = text.replacing(/\bpid \d+/, with: "pid PID")
        // Its path decides where such a line is cut.
        text = text.replacing(/(pid PID(:| \(\S+\)) deploy-with-lock ).*/) {
            "\($0.output.1)ARGUMENTS"
        }
        text = text.replacing(/kill( -CONT)? \d+/) { "kill\($0.output.1 ?? "") PID" }
        text = text.replacing(/-p \d+(,\d+)*/, with: "-p PIDS")
        text = text.replacing(/<?\b\d+(\.\d+)?(µs|ms|s|m|h|d)(\d+(s|m|h))?\b/, with: "LENGTH")
        text = text.replacing("host          \(Machine.hostName)\n", with: "host  HOST\n")
        let user = User.name(of: geteuid())
        for (before, after) in [(" ", " "), ("(", ")"), (" ", "\n"), (" ", ","), (" ", ":")] {
            text = text.replacing("\(before)\(user)\(after)", with: "\(before)USER\(after)")
        }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let indent = line.prefix { $0 == " " }
            let rest = line.dropFirst(indent.count).replacing(/[ ]{2,}/, with: "  ")
            return indent + rest.replacing(/[ ]+$/, with: "")
        }.joined(separator: "\n")
    }

    /// As `hold`, with a command that is one process; `letGo` lets it end as well.
    func holdAlone(_ name: String, options: [String] = []) throws -> ChildProcess {
        #expect(mkfifo(directory.file("\(name).go"), 0o666) == 0)
        let child = try start(
            options + ["sh", "-c", ": > $HERE/\(name).up; read line < $HERE/\(name).go || true"])
        try #require(eventually { exists("\(name).up") }, "\(child.errors)")
        return child
    }
}
