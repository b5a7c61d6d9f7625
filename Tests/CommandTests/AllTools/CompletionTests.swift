import Glibc
import SystemCalls
import TestSupport
import Testing

/// The completion as the shells read it.
@Suite struct CompletionTests {
    static let root = Repository.root
    private static let bashCompletion = "/usr/share/bash-completion/bash_completion"

    private static func has(_ tool: String) -> Bool {
        (try? ChildProcess.run(["sh", "-c", "command -v \(tool)"]).code) == 0
    }

    @Test func `the kept completions are what the tools generate`() throws {
        let bin = String(BuiltTool.path("x").dropLast(2))
        let result = try ChildProcess.run([
            "python3", Self.root + "/scripts/generate/completions.py", "--check", bin,
        ])
        #expect(result.code == 0, "\(result.output)\(result.errors)")
    }

    /// What bash offers for the last of these words; `$0` is the tool, `$HERE` the directory.
    private static let script = """
        tool=$0; name=${tool##*/}; PATH=$HERE/bin:${tool%/*}:$PATH; cd "$HERE" || exit
        compopt() { :; }
        [ -z "$LIBRARY" ] || . "$LIBRARY"
        . "$SCRIPTS/$name"
        complete -W 'compose kontainer' mytool
        COMP_WORDS=("$name" "$@"); COMP_CWORD=$#; COMP_LINE="$name $*"; COMP_POINT=${#COMP_LINE}
        "_${name//-/_}" "$name" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\\n' "${COMPREPLY[@]}" | sort -u
        """

    /// A place with files, a tool of somebody else's and a query of the team's own.
    private func place() throws -> Fixture {
        let fixture = try Fixture()
        fixture.write("deploy.sh", "")
        fixture.write("week.html", "")
        for folder in ["reports", "bin"] { mkdir(fixture.directory.file(folder), 0o755) }
        fixture.write(
            "reports/who-broke-it.sql",
            "-- title: Who\n-- column one integer: 1\nSELECT 1 AS one;\n")
        fixture.write("bin/mytool", "#!/bin/sh\n")
        chmod(fixture.directory.file("bin/mytool"), 0o755)
        return fixture
    }

    private func offered(_ line: [String], library: String = "") throws -> [String] {
        let fixture = try place()
        let result = try ChildProcess.run(
            ["bash", "-c", Self.script, BuiltTool.path(line[0])] + line.dropFirst(),
            environment: fixture.environment([
                "SCRIPTS": Self.root + "/completions/bash", "LIBRARY": library,
            ]))
        #expect(result.code == 0 && result.errors.isEmpty, "\(result)")
        return result.output.split(separator: "\n").map(String.init)
    }

    @Test(arguments: [
        (["deploy-with-lock", "--lock-file", "w"], ["week.html"]),
        (["deploy-with-lock", "--tier", ""], ["docker", "lightning"]),
        (["deploy-with-lock", "--tier", "=", "d"], ["docker"]),
        (["deploy-with-lock", "--tier", "="], ["docker", "lightning"]),
        (["deploy-with-lock", "--source", "gh"], ["gha"]),
        (["deploy-with-lock", "--yie"], ["--yield-to-newer"]),
        (["deploy-with-lock", "--tier", "docker", "--quie"], ["--quiet"]),
        (["deploy-with-lock", "myto"], ["mytool"]),
        (["deploy-with-lock", "--timeout", "5m", "myto"], ["mytool"]),
        (["deploy-with-lock", "--timeout", "=", "5m", "myto"], ["mytool"]),
        (["deploy-with-lock", "-q", "--", "./dep"], ["./deploy.sh"]),
        (["check-deploy-lock", "--exi"], ["--exit-code"]),
        (["check-deploy-lock", "--json", "--force"], ["--force-unlock"]),
        (["check-deploy-lock", "--ledger", "d"], ["deploy.sh"]),
        (["check-deploy-lock", ""], ["audit", "status"]),
        (["check-deploy-lock", "status", "--ledger", "d"], ["deploy.sh"]),
        (["check-deploy-lock", "audit", "re"], ["reports"]),
        (["check-deploy-lock", "audit", "deploy.sh", "we"], ["week.html"]),
        (["check-deploy-lock", "audit", "--cr"], ["--cron"]),
        (["check-deploy-lock", "help", "au"], ["audit"]),
        (["check-deploy-queue", "--runs-json", "w"], ["week.html"]),
        (["check-deploy-queue", "--policy", ""], ["newest", "threshold"]),
        (["deploystats", "rep"], ["report"]),
        (["deploystats", "--si"], ["--since"]),
        (["deploystats", "--since", "y"], ["yesterday"]),
        (["deploystats", "report", "--output", "w"], ["week.html"]),
        (["deploystats", "report", "--week", ""], ["last-week", "this-week"]),
        (["deploystats", "query", "hol"], ["holder-at"]),
        (["deploystats", "query", "sh"], ["show"]),
        (["deploystats", "query", "run", "hol"], ["holder-at"]),
        (["deploystats", "query", "holder-at", "hol"], []),
        (["deploystats", "query", "holder-at", "now", "--form"], ["--format"]),
        (["deploystats", "query", "holder-at", "now", "--format", "v"], ["vertical"]),
        (["deploystats", "query", "--reports-dir", "reports", "who"], ["who-broke-it"]),
        (["deploystats", "query", "--reports-dir", "=", "reports", "who"], ["who-broke-it"]),
        (["deploystats", "query", "show", "--reports-dir", "reports", "who"], ["who-broke-it"]),
        (["deploystats", "query", "run", "--reports-dir", "r"], ["reports"]),
        (["deploystats", "query", "show", "hold"], ["holder-at"]),
        (
            ["deploystats", "deployments", "--outcome", "s"],
            ["skipped", "succeeded", "superseded"]
        ),
        (["deploystats", "import", "gi"], ["github"]),
        (["deploystats", "import", "--events", "w"], ["week.html"]),
        (["deploystats", "import", "events", "--events", "w"], ["week.html"]),
        (["deploystats", "explain", "skip"], ["skip-rate"]),
    ])
    func `bash offers the completions that fit`(line: [String], wanted: [String]) throws {
        #expect(try offered(line) == wanted)
    }

    @Test(
        .enabled(if: FileSystem.exists(bashCompletion), "needs bash-completion"),
        arguments: [
            (["deploy-with-lock", "mytool", "co"], ["compose"]),
            (["deploy-with-lock", "--tier", "docker", "mytool", "k"], ["kontainer"]),
            (["deploy-with-lock", "-q", "--", "mytool", ""], ["compose", "kontainer"]),
            (["deploy-with-lock", "sh", "dep"], ["deploy.sh"]),
            (["deploy-with-lock", "myto"], ["mytool"]),
            (["deploy-with-lock", "--yie"], ["--yield-to-newer"]),
            (["deploystats", "query", "hol"], ["holder-at"]),
        ])
    func `bash completes the command that is to run`(line: [String], wanted: [String]) throws {
        #expect(try offered(line, library: Self.bashCompletion) == wanted)
    }

    @Test(
        .enabled(if: has("fish"), "needs fish"),
        arguments: [
            ("deploy-with-lock --yie", ["--yield-to-newer"]),
            ("deploy-with-lock --tier ", ["docker", "lightning"]),
            ("deploy-with-lock myto", ["mytool"]),
            ("deploy-with-lock mytool comp", ["compose"]),
            ("deploy-with-lock --tier docker -- mytool k", ["kontainer"]),
            ("check-deploy-lock --exi", ["--exit-code"]),
            ("check-deploy-lock ", ["audit", "status"]),
            ("check-deploy-lock audit --cr", ["--cron"]),
            ("check-deploy-lock audit --exi", []),
            ("check-deploy-queue --policy ", ["newest", "threshold"]),
            ("deploystats --si", ["--since"]),
            ("deploystats report --week ", ["last-week", "this-week"]),
            ("deploystats query hol", ["holder-at"]),
            ("deploystats query show hol", ["holder-at"]),
            ("deploystats query holder-at hol", []),
            ("deploystats import gi", ["github"]),
            ("deploystats import --ev", ["--events"]),
            ("deploystats explain skip", ["skip-rate"]),
        ])
    func `fish offers the completions that fit`(line: String, wanted: [String]) throws {
        let fixture = try place()
        let bin = String(BuiltTool.path("x").dropLast(2))
        let script = """
            set PATH $HERE/bin \(bin) $PATH; cd $HERE
            set fish_complete_path \(Self.root)/completions/fish $fish_complete_path
            complete -c mytool -f -a 'compose kontainer'
            complete -C '\(line)'
            """
        let result = try ChildProcess.run(
            ["fish", "--no-config", "-c", script],
            environment: fixture.environment(["HOME": fixture.directory.path]))
        #expect(result.errors == "")
        let words = result.output.split(separator: "\n").map { line in
            String(line.prefix { $0 != "\t" })
        }
        #expect(words.sorted() == wanted)
    }

    /// Zsh completes only what is typed: the line is completed, then printed.
    @Test(.enabled(if: has("zsh"), "needs zsh")) func `zsh completes what is typed`() throws {
        let fixture = try place()
        let bin = String(BuiltTool.path("x").dropLast(2))
        let terminal = try PseudoTerminal(
            ["zsh", "-f", "-i"],
            environment: fixture.environment([
                "TERM": "xterm", "COLUMNS": "200", "HOME": fixture.directory.path,
            ]))
        fixture.write(
            "start",
            """
            stty cols 200
            PATH=$HERE/bin:\(bin):$PATH; cd $HERE
            fpath=(\(Self.root)/completions/zsh $fpath)
            autoload -Uz compinit && compinit -u -D
            _mytool() { compadd compose kontainer }; compdef _mytool mytool
            print -r -- 'READY'!
            """)
        terminal.type(". $HERE/start\r")
        #expect(eventually { terminal.screen.contains("READY!") }, "\(terminal.screen)")
        let lines = [
            ("check-deploy-lock --exi", "check-deploy-lock --exit-code"),
            ("check-deploy-lock au", "check-deploy-lock audit"),
            ("check-deploy-lock audit --cr", "check-deploy-lock audit --cron"),
            ("deploy-with-lock --yie", "deploy-with-lock --yield-to-newer"),
            ("deploy-with-lock --tier do", "deploy-with-lock --tier docker"),
            ("deploy-with-lock myt", "deploy-with-lock mytool"),
            ("deploy-with-lock mytool comp", "deploy-with-lock mytool compose"),
            (
                "deploy-with-lock --tier docker mytool k",
                "deploy-with-lock --tier docker mytool kontainer"
            ),
            ("deploystats --si", "deploystats --since"),
            ("deploystats report --week th", "deploystats report --week this-week"),
            ("deploystats query hol", "deploystats query holder-at"),
            ("deploystats query show hol", "deploystats query show holder-at"),
            ("deploystats import gi", "deploystats import github"),
            ("deploystats explain sk", "deploystats explain skip-rate"),
            ("check-deploy-queue --policy n", "check-deploy-queue --policy newest"),
        ]
        for (number, (typed, wanted)) in lines.enumerated() {
            // What was completed is printed.
            terminal.type("\(typed)\t\u{1}print -r -- \(number) SAYS \u{5} END\r")
            var said = ""
            let isSaid = eventually {
                let lines = terminal.screen.split(whereSeparator: \.isNewline)
                said = lines.last { $0.hasPrefix("\(number) SAYS ") }.map(String.init) ?? ""
                return said.hasSuffix(" END")
            }
            let words = said.split(separator: " ").joined(separator: " ")
            #expect(isSaid && words == "\(number) SAYS \(wanted) END", "\(terminal.screen)")
            if !isSaid { break }
        }
        terminal.type("exit\r")
        _ = terminal.finish()
    }
}
