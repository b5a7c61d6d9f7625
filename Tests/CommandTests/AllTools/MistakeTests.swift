import ArgumentParser
import Glibc
import TestSupport
import Testing

/// What a person reads who has mistyped something.
@Suite struct MistakeTests {
    private func said(_ words: [String]) throws -> ChildProcess.Result {
        try ChildProcess.run(
            [BuiltTool.path(words[0])] + words.dropFirst(), environment: Fixture().environment())
    }

    @Test(arguments: [
        (
            "deploystats metrcs",
            "unknown command 'metrcs'; did you mean 'metrics'? See 'deploystats --help'."
        ),
        (
            "deploystats depoyments --limit 5",
            "unknown command 'depoyments'; did you mean 'deployments'? See 'deploystats --help'."
        ),
        (
            "deploystats record skp",
            "unknown command 'skp'; did you mean 'skip'? See 'deploystats record --help'."
        ),
        (
            "deploystats import githb",
            "unknown command 'githb'; did you mean 'github'? See 'deploystats import --help'."
        ),
        ("deploystats record", "'deploystats record' requires a command: skip; see"),
        (
            "deploy-with-lock --ledger= touch here",
            "--ledger has an empty value; see 'deploy-with-lock --help'"
        ),
        (
            "deploy-with-lock --no-wait --timeout 3 --lock-file= true",
            "--lock-file has an empty value"
        ),
        ("deploystats deployments --since= --limit 5", "--since has an empty value; see"),
        ("check-deploy-lock --lock-file=", "--lock-file has an empty value; see"),
        ("check-deploy-queue --repo=", "--repo has an empty value; see"),
        ("deploystats help nothing", "unknown command 'nothing'; see 'deploystats --help'"),
        (
            "deploystats help qery",
            "unknown command 'qery'; did you mean 'query'? See 'deploystats --help'."
        ),
        ("deploystats help query nope", "unknown command 'nope'; see 'deploystats query --help'"),
        (
            "deploystats metrics extra",
            "unexpected argument 'extra'; see 'deploystats metrics --help'"
        ),
        (
            "deploystats deployments --outcome success",
            "unknown outcome 'success'; use one of: succeeded, failed,"
        ),
        (
            "deploystats deployments --outcome success",
            "; did you mean 'succeeded'? See 'deploystats deployments --help'."
        ),
        (
            "deploystats explain skiprate",
            "deploystats: unknown metric 'skiprate'; use one of: lock"
        ),
        (
            "deploystats explain skiprate",
            "did you mean 'skip_rate'? See 'deploystats explain --help'."
        ),
        (
            "deploystats metrics --format jsn",
            "'--format <format>'; use one of 'table', 'json', 'ndjson', 'csv', 'markdown', "
                + "'prometheus', 'openmetrics'; did you mean 'json'? See"
        ),
        (
            "deploystats deployments --limit ten",
            "the value 'ten' is invalid for '--limit <count>': use a whole number; see "
                + "'deploystats deployments --help'"
        ),
        (
            "deploystats show",
            "missing expected argument '<deployment>'; see 'deploystats show --help'"
        ),
        ("deploystats metrics --tirr x", "unknown option '--tirr'; did you mean '--tier'? See"),
        (
            "deploystats query holder-at 10:31 --lokc x",
            "did you mean '--lock'? See 'deploystats query run --help'."
        ),
        (
            "check-deploy-lock --force",
            "unknown option '--force'; did you mean '--force-unlock'? See 'check-deploy-lock --help'."
        ),
        ("check-deploy-lock audt", "did you mean 'audit'? See 'check-deploy-lock --help'."),
        ("check-deploy-lock audit --nonsense", "see 'check-deploy-lock audit --help'"),
        (
            "check-deploy-lock --interval 1s",
            "--interval requires --watch; see 'check-deploy-lock --help'"
        ),
        ("check-deploy-lock --watch --interval 0", "--interval must be at least 0.1s"),
        (
            "deploy-with-lock --timout 5m true",
            "unknown option '--timout'; put -- before a command that begins with a dash; did you mean "
                + "'--timeout'? See 'deploy-with-lock --help'."
        ),
        (
            "check-deploy-queue --threshold x",
            "the value 'x' is invalid for '--threshold <count>': use a whole number; see"
        ),
        (
            "check-deploy-queue --policy x",
            "'--policy <policy>'; use one of 'threshold' and 'newest'; see 'check-deploy-queue --help'"
        ),
        (
            "deploystats show 1 --format csv",
            "use one of 'table', 'json' or 'ndjson'; see 'deploystats show --help'"
        ),
        (
            "check-deploy-queue --thresold 3",
            "unknown option '--thresold'; did you mean '--threshold'?"
        ),
    ])
    func `a usage error names what was meant and where help is`(
        _ line: String, _ words: String
    ) throws {
        let result = try said(line.split(separator: " ").map(String.init))
        #expect(result.code == 64, "\(result)")
        #expect(result.output.isEmpty)
        #expect(result.errors.contains(words), "\(result.errors)")
        let lines = result.errors.split(separator: "\n")
        #expect(lines.count == 1)
        #expect(!result.errors.contains(".;") && !result.errors.contains("?;"), "\(result.errors)")
    }

    @Test func `a misspelt query is named`() throws {
        let fixture = try Fixture()
        #expect(try fixture.stats("query", "holder").errors.contains("did you mean 'holder-at'?"))
        let own = fixture.directory.file("reports")
        mkdir(own, 0o755)
        fixture.write("reports/who-broke-it.sql", "-- title: Who\nSELECT 1 AS one;\n")
        let result = try fixture.stats("query", "--reports-dir", own, "who-broke")
        #expect(result.code == 1 || result.code == 64)
        let meant = try fixture.stats("query", "who-broke", "--reports-dir", own)
        #expect(meant.errors.contains("did you mean 'who-broke-it'?"), "\(meant.errors)")
    }

    @Test(arguments: [
        ("check-deploy-lock help", "check-deploy-lock --help"),
        ("check-deploy-lock help audit", "check-deploy-lock audit --help"),
        ("deploystats help", "deploystats --help"),
        ("deploystats help query show", "deploystats query show --help"),
    ])
    func `help shows what --help shows`(_ left: String, _ right: String) throws {
        let (one, other) = try (
            said(left.split(separator: " ").map(String.init)),
            said(right.split(separator: " ").map(String.init))
        )
        #expect(one.code == 0 && other.code == 0)
        #expect(one.output == other.output)
        #expect(one.output.hasPrefix("OVERVIEW: "))
    }

    /// The parser breaks lines behind 79 columns wherever a blank is.
    @Test(arguments: ["deploy-with-lock", "check-deploy-lock", "check-deploy-queue", "deploystats"])
    func `help does not break its own tables`(_ tool: String) throws {
        func help(_ words: [String], _ columns: Int) throws -> [Substring] {
            try ChildProcess.run(
                [BuiltTool.path(tool)] + words + ["--help"], environment: ["COLUMNS": "\(columns)"]
            ).output.split(separator: "\n")
        }
        var commands: [[String]] = [[]]
        while let words = commands.popLast() {
            let narrow = Set(try help(words, 80))
            let wide = try help(words, 1000)
            // Options and commands are laid out by the parser itself.
            let end = wide.firstIndex { $0.hasPrefix("USAGE: ") } ?? wide.endIndex
            for line in wide[..<end] where line.hasPrefix("  ") {
                #expect(narrow.contains(line), "\(tool) \(words): \(line)")
            }
            guard let list = wide.firstIndex(where: { $0 == "SUBCOMMANDS:" }) else { continue }
            commands += wide[(list + 1)...].filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
                .filter { !$0.hasPrefix("  See ") }
                .map { words + [String($0.split(separator: " ")[0])] }
        }
    }

    @Test(arguments: [
        (["nosuchcommand"], 127, "deploy-with-lock: nosuchcommand: command not found\n"),
        (["nosuchcommand", "a b"], 127, "deploy-with-lock: nosuchcommand: command not found\n"),
        (["./gone.sh"], 127, "deploy-with-lock: ./gone.sh: command not found\n"),
        (
            ["docker compose up -d"], 127,
            "docker compose up -d: command not found; it was given as one word, so leave out the "
                + "quotes around it: docker compose up -d, or leave it to a shell: sh -c "
                + "'docker compose up -d'\n"
        ),
        (
            ["cd /app && ./x"], 127,
            "it was given as one word, so leave it to a shell: sh -c 'cd /app && ./x'\n"
        ),
        (["echo 'a' >b"], 127, #"leave it to a shell: sh -c 'echo '\''a'\'' >b'"#),
        (["deploy --token=abcdef"], 127, "deploy --token=***"),
        (
            ["/etc/passwd"], 126,
            "/etc/passwd: Permission denied; make it executable with chmod +x\n"
        ),
        (["/tmp"], 126, "deploy-with-lock: /tmp: is a directory\n"),
    ])
    func `a command that cannot be started is named in plain words`(
        _ command: [String], _ code: Int, _ words: String
    ) throws {
        let result = try Fixture().run(command)
        #expect(result.code == CInt(code))
        #expect(result.errors.contains(words), "\(result.errors)")
        #expect(!result.errors.contains("posix_spawn"))
    }

    @Test func `a word with blanks that is found runs without a remark`() throws {
        let fixture = try Fixture()
        fixture.write("my tool", "#!/bin/sh\nexit 5\n")
        chmod(fixture.directory.file("my tool"), 0o755)
        let result = try fixture.run([fixture.directory.file("my tool")])
        #expect(result.code == 5)
        #expect(!result.errors.contains("one word"))
        fixture.write("bad", "#!/no/such/shell\n")
        chmod(fixture.directory.file("bad"), 0o755)
        let bad = try fixture.run([fixture.directory.file("bad")])
        #expect(bad.code == 127)
        #expect(bad.errors.contains("bad: the interpreter in its first line was not found"))
    }
}
