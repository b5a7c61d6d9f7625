import Glibc
import TestSupport
import Testing

/// The completion scripts as the shells read them.
@Suite struct CompletionTests {
    /// What bash offers for the last of these words; `$0` is the tool, `.` the directory.
    private static let script = """
        tool=$0; name=${tool##*/}; PATH=${tool%/*}:$PATH; cd "$HERE" || exit
        . <("$tool" --generate-completion-script bash)
        COMP_WORDS=("$name" "$@"); COMP_CWORD=$#; COMP_LINE="$name $*"; COMP_POINT=${#COMP_LINE}
        "_$name" "$name" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\\n' "${COMPREPLY[@]}" | sort
        """

    private func offered(_ line: [String]) throws -> [String] {
        let fixture = try Fixture()
        fixture.write("deploy.sh", "")
        fixture.write("week.html", "")
        mkdir(fixture.directory.file("reports"), 0o755)
        let result = try ChildProcess.run(
            ["bash", "-c", Self.script, BuiltTool.path(line[0])] + line.dropFirst(),
            environment: fixture.environment())
        #expect(result.code == 0 && result.errors.isEmpty, "\(result)")
        return result.output.split(separator: "\n").map(String.init)
    }

    @Test(arguments: [
        (["deploy-with-lock", ""], ["deploy.sh", "reports", "week.html"]),
        (["deploy-with-lock", "--", "./dep"], ["./deploy.sh"]),
        (["deploy-with-lock", "--tier", "docker", "sh", "dep"], ["deploy.sh"]),
        (["deploy-with-lock", "--lock-file", "w"], ["week.html"]),
        (["deploy-with-lock", "--tier", ""], ["docker", "lightning"]),
        (["deploy-with-lock", "--source", "gh"], ["gha"]),
        (["deploy-with-lock", "--sup"], ["--supersede"]),
        (["check-deploy-lock", "status", "--ledger", "d"], ["deploy.sh"]),
        (["check-deploy-lock", "audit", "re"], ["reports"]),
        (["check-deploy-queue", "--runs-json", "w"], ["week.html"]),
        (["deploystats", "report", "--output", "w"], ["week.html"]),
        (["deploystats", "query", "run", "--reports-dir", ""], ["reports"]),
        (["deploystats", "query", "show", "hold"], ["holder-at"]),
        (
            ["deploystats", "deployments", "--outcome", "s"],
            ["skipped", "succeeded", "superseded"]
        ),
        (["deploystats", "import", "events", "--events", "w"], ["week.html"]),
        (["deploystats", "explain", "skip"], ["skip-rate"]),
    ])
    func `bash offers what fits`(line: [String], wanted: [String]) throws {
        #expect(try offered(line) == wanted)
    }

    @Test func `zsh and fish are told the same`() throws {
        func script(_ tool: String, _ shell: String) throws -> String {
            try ChildProcess.run([BuiltTool.path(tool), "--generate-completion-script", shell])
                .output
        }
        let zsh = try script("deploy-with-lock", "zsh")
        #expect(zsh.contains(/'--lock-file\[[^\n]*\]:path:_files'/))
        #expect(zsh.contains("'*:command:_files'"), "\(zsh)")
        let fish = try script("deploy-with-lock", "fish")
        #expect(fish.contains(/-l 'lock-file' [^\n]* -rF\n/), "\(fish)")
        #expect(fish.contains(/-l 'tier' [^\n]* -rfka 'lightning docker'\n/))
        #expect(fish.contains(/_positional "deploy-with-lock" -ge 1' -F\n/))
    }
}
