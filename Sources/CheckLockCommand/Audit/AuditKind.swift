/// How the text of a file is to be read.
enum AuditKind: Hashable, Sendable, CaseIterable {
    /// As one shell script.
    case script
    /// As a crontab with that many fields in front of each command.
    case userCrontab, systemCrontab, anacrontab
    case yaml
    /// As JSON whose scripts are commands, such as `package.json`.
    case packageScripts
    case unit
    /// Recipes and lines that are shell code but for what stands in front.
    case recipes
    /// As a program in another language, whose texts may be commands.
    case program

    /// One of them, for people.
    var word: String {
        switch self {
        case .script: "shell script"
        case .userCrontab, .systemCrontab, .anacrontab: "crontab"
        case .yaml: "YAML file"
        case .packageScripts: "package file"
        case .unit: "systemd unit"
        case .recipes: "file of recipes"
        case .program: "deploy program"
        }
    }

    /// Several of them, for people.
    var words: String { self == .recipes ? "files of recipes" : word + "s" }

    /// Whether it runs from its first line to its last, so that one that starts itself again under
    /// the lock is covered.
    var isOneScript: Bool { self == .script || self == .recipes || self == .program }

    /// The commands in a text of this kind.
    func pieces(of text: String) -> [AuditPiece] {
        switch self {
        case .script: AuditPiece.pieces(.code(text, line: 1))
        case .userCrontab: AuditPiece.lines(text) { CrontabLine.command($0, fields: 5) }
        case .systemCrontab: AuditPiece.lines(text) { CrontabLine.command($0, fields: 6) }
        case .anacrontab: AuditPiece.lines(text) { CrontabLine.command($0, fields: 3) }
        case .yaml:
            YAMLReader.values(in: text).filter { !Self.isProse($0.path) }.flatMap {
                AuditPiece.pieces($0.content, heading: $0.heading)
            }
        case .packageScripts:
            YAMLReader.values(in: text).filter { Self.isScript($0.path) }.flatMap {
                AuditPiece.pieces($0.content, heading: $0.heading)
            }
        case .unit: AuditPiece.lines(text, UnitLine.command)
        case .recipes: AuditPiece.lines(text, quotedIsCode: true, RecipeLine.command)
        case .program:
            AuditPiece.lines(ProgramText.shellText(text), quotedIsCode: true) { $0 }
        }
    }

    /// Keys whose values are words for people.
    private static let prose: Set<String> = [
        "name", "description", "title", "summary", "help", "message", "msg", "comment", "keywords",
    ]

    private static func isProse(_ path: [String]) -> Bool {
        path.last.map { prose.contains($0.lowercased()) } ?? false
    }

    /// `scripts` of npm and Composer, `tasks` of Deno.
    private static func isScript(_ path: [String]) -> Bool {
        path.first == "scripts" || path.first == "tasks"
    }
}

extension AuditKind {
    private static let cronScripts = ["hourly", "daily", "weekly", "monthly"]
        .map { "/etc/cron.\($0)" }

    private static let bySuffix: [Substring: AuditKind] = [
        "sh": .script, "bash": .script, "dash": .script, "zsh": .script, "ksh": .script,
        "cron": .userCrontab, "crontab": .userCrontab,
        "yml": .yaml, "yaml": .yaml,
        "service": .unit, "socket": .unit, "timer": .unit,
        "mk": .recipes, "just": .recipes,
        "rake": .program,
    ]

    private static let byName: [Substring: AuditKind] = [
        "makefile": .recipes, "gnumakefile": .recipes, "procfile": .recipes, "justfile": .recipes,
        ".justfile": .recipes,
        "package.json": .packageScripts, "composer.json": .packageScripts,
        "deno.json": .packageScripts,
        "jenkinsfile": .program, "fabfile.py": .program, "tasks.py": .program,
        "rakefile": .program, "capfile": .program,
    ]

    /// Languages that deploy scripts are written in.
    private static let languages: Set<Substring> = [
        "py", "rb", "pl", "php", "js", "mjs", "cjs", "ts", "groovy",
    ]

    /// Scripts that Git runs by their names, also where they have no first line that says so.
    ///
    /// Source: githooks(5).
    private static let hooks: Set<Substring> = [
        "post-receive", "post-update", "post-merge", "post-checkout", "post-commit",
        "post-rewrite", "pre-push", "pre-commit", "pre-receive", "update", "push-to-checkout",
    ]

    /// How to read a file; nil when it is not of a kind that runs commands.
    ///
    /// - Parameter beginning: of its content.
    init?(path: String, parent: String, name: Substring, beginning: [UInt8]) {
        let folder = parent.lastIndex(of: "/").map { parent[parent.index(after: $0)...] }
        let suffix = name.lastIndex(of: ".").map { name[name.index(after: $0)...] }
        let lower = Substring(name.lowercased())
        if folder == "cron.d" || path == "/etc/crontab" {
            self = .systemCrontab
        } else if name == "anacrontab" {
            self = .anacrontab
        } else if name == "crontab" || folder == "crontabs" || parent == "/var/spool/cron" {
            self = .userCrontab
        } else if Self.cronScripts.contains(parent) {
            self = .script
        } else if folder == "hooks", suffix == "sample" {
            return nil
        } else if let kind = Self.byName[lower] ?? suffix.flatMap({ Self.bySuffix[$0] }) {
            self = kind
        } else if folder?.hasSuffix(".service.d") == true, suffix == "conf" {
            self = .unit
        } else if suffix.map(Self.languages.contains) == true, lower.contains("deploy") {
            self = .program
        } else if folder == "hooks" || folder == ".husky" || folder == ".githooks",
            Self.hooks.contains(name)
        {
            self = Self.script(beginning) ?? (Self.isProgram(beginning) ? .program : .script)
        } else if let kind = Self.script(beginning) {
            self = kind
        } else if lower.contains("deploy"), Self.isProgram(beginning) {
            self = .program
        } else {
            return nil
        }
    }

    private static func isProgram(_ beginning: [UInt8]) -> Bool {
        beginning.starts(with: "#!".utf8)
    }

    /// What a first line such as `#!/bin/sh` says.
    private static func script(_ beginning: [UInt8]) -> AuditKind? {
        let first = String(decoding: beginning.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        guard first.hasPrefix("#!") else { return nil }
        let words = first.dropFirst(2).split { $0 == " " || $0 == "/" || $0 == "\t" }
        if words.contains("just") || words.contains("make") { return .recipes }
        return words.contains { $0.hasSuffix("sh") } ? .script : nil
    }
}
