import ArgumentParser
import CommandSupport
import SystemCalls
import Wording

/// `check-deploy-lock audit`: finds deployments that go past the lock.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "List lines of scripts and crontabs that deploy outside deploy-with-lock.",
        discussion: """
            Without a path: your crontab and those of the system (/etc/crontab, /etc/cron.d, \
            /etc/cron.hourly and so on), as root those of all users, and the systemd units in \
            /etc/systemd/system. In a directory: shell scripts, crontabs, YAML, makefiles, \
            justfiles, scripts of package.json, systemd units, Git hooks, and programs that are \
            called deploy, fabfile or the like. Links to files are followed.

            What a script itself runs is covered when it starts itself again under the lock, or \
            when another audited file runs it under the lock. A comment 'check-deploy-lock: ok' \
            on the line, or beside the key of a YAML value, marks what is fine as it is.

            EXIT CODES
              0    nothing found
              1    something deploys outside the lock
              2    nothing found, but not everything could be read
              64   usage error
            """,
        helpNames: .shortAndLong)

    @Option(
        help: ArgumentHelp(
            "Look for this command instead of the built-in ones; may be given again.",
            discussion: "Built in: \(AuditRule.defaultPatterns.joined(separator: ", ")).",
            valueName: "words"))
    var pattern: [String] = []

    @Flag(help: "Look at the crontabs and units of the machine, too, when paths are given.")
    var cron = false

    @Argument(help: "Files and directories.", completion: .file())
    var path: [String] = []

    func validate() throws {
        if pattern.contains(where: { $0.allSatisfy(\.isWhitespace) }) {
            throw ValidationError("--pattern is empty; name a command such as 'docker restart'")
        }
    }

    func run() throws {
        var search = AuditSearch()
        for path in path { search.add(path) }
        if cron || path.isEmpty { search.addSystem() }
        let rule = AuditRule(patterns: pattern.isEmpty ? AuditRule.defaultPatterns : pattern)
        let results = search.sources.map { (source: $0, result: $0.inspect(rule)) }
        let locked = Self.lockedFiles(results)
        var found = 0
        var files = 0
        for (source, result) in results where !locked.contains(Path.canonical(source.name)) {
            if !result.lines.isEmpty { files += 1 }
            for line in result.lines {
                found += 1
                let text = source.line(line).escapedForTerminal.shortened(toColumns: 160)
                try StandardOutput.print("\(source.name.escapedForTerminal):\(line): \(text)\n")
            }
        }
        for problem in search.problems + search.notes {
            Terminal.complain("check-deploy-lock: \(problem.escapedForTerminal)")
        }
        Terminal.complain("check-deploy-lock: \(Self.verdict(found, files, search))")
        if found > 0 { throw ExitCode(ExitCodes.Audit.found) }
        if !search.problems.isEmpty { throw ExitCode(ExitCodes.Audit.incomplete) }
    }

    private static func verdict(_ lines: Int, _ files: Int, _ search: AuditSearch) -> String {
        let read =
            search.summary
            + (search.others > 0
                ? "; \(PluralText.text(search.others, "other file")) not read" : "")
        if lines == 0 { return "nothing deploys outside deploy-with-lock in \(read)" }
        return "\(PluralText.text(lines, "line")) of \(PluralText.text(files, "file")) "
            + "\(lines == 1 ? "deploys" : "deploy") outside deploy-with-lock; put it in front, or "
            + "mark what is fine with the comment 'check-deploy-lock: ok' (read: \(read))"
    }

    /// The files that some audited file runs under the lock.
    private static func lockedFiles(
        _ results: [(source: AuditSource, result: AuditRule.Result)]
    ) -> Set<String> {
        var files: Set<String> = []
        for (source, result) in results {
            for word in result.locked where word.contains("/") && !word.contains("$") {
                let isAbsolute = word.hasPrefix("/")
                files.insert(
                    Path.canonical(isAbsolute ? word : Path.parent(of: source.name) + "/" + word))
            }
        }
        return files
    }
}
