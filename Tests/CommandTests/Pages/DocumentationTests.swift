import SystemCalls
import TestSupport
import Testing

/// README, `docs/` and the pages beside the examples: what they name exists, and their lists are whole.
@Suite struct DocumentationTests {
    private static let pages: [String] =
        ["CHANGELOG.md", "CONTRIBUTING.md", "README.md", "SECURITY.md"]
        + files(in: "docs").filter { $0.hasSuffix(".md") }
        + ["ci", "github-actions", "prometheus"].map { "examples/\($0)/README.md" }
        + files(in: ".github").filter { $0.hasSuffix(".md") }
        + files(in: ".github/ISSUE_TEMPLATE")

    private static func files(in folder: String) -> [String] {
        ((try? FileSystem.entries(of: Repository.path(folder))) ?? []).sorted()
            .map { "\(folder)/\($0)" }
    }

    private static func text(_ path: String) throws -> String {
        String(decoding: try FileSystem.read(Repository.path(path)), as: UTF8.self)
    }

    /// The headings of a page as the last part of an address.
    private static func anchors(_ text: String) -> Set<String> {
        Set(
            text.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
                let heading = line.drop { $0 == "#" }.dropFirst().lowercased()
                return String(heading.filter { $0.isLetter || $0.isNumber || "-_ ".contains($0) })
                    .replacing(" ", with: "-")
            })
    }

    @Test(arguments: pages) func `a page's links lead to files and headings that exist`(
        page: String
    ) throws {
        let text = try Self.text(page)
        for link in text.matches(of: /\]\(([^)\s]+)\)/).map(\.output.1)
        where !link.hasPrefix("https://") {
            let parts = link.split(separator: "#", omittingEmptySubsequences: false)
            let folder = Path.parent(of: "/" + page).dropFirst()
            let path = parts[0].isEmpty ? page : "\(folder)/\(parts[0])"
            #expect(FileSystem.exists(Repository.path(path)), "\(link)")
            guard parts.count > 1, FileSystem.exists(Repository.path(path)) else { continue }
            #expect(try Self.anchors(Self.text(path)).contains(String(parts[1])), "\(link)")
        }
    }

    @Test func `the pages of deploy-with-lock have every option and every setting`() throws {
        let page = try ["deploy-with-lock", "lifecycle", "freeze", "output", "notifications"]
            .map { try Self.text("docs/\($0).md") }.joined()
        let help = try ChildProcess.run([BuiltTool.path("deploy-with-lock"), "--help"]).output
        let options = help.matches(of: /\n  (?:-[a-z], )?(--[a-z-]+)/).map { String($0.output.1) }
        #expect(options.count > 20)
        for option in options where !["--help", "--version"].contains(option) {
            #expect(page.contains("`\(option)"), "\(option)")
        }
        let settings = try Self.text("docs/man/deploy-ledger.conf.5")
            .matches(of: /\n\.BI (DEPLOY_[A-Z_]+)=/).map { String($0.output.1) }
        #expect(settings.count > 10)
        for setting in settings
        where ["ALERT", "TARGET", "DASHBOARD"].allSatisfy({ !setting.hasPrefix("DEPLOY_\($0)_") }) {
            #expect(page.contains("`\(setting)`"), "\(setting)")
        }
    }

    @Test func `the page of the dashboard has every option and every setting`() throws {
        let page = try Self.text("docs/dashboard.md")
        let help = try ChildProcess.run([BuiltTool.path("deploy-dashboard"), "serve", "--help"])
        let options = help.output.matches(of: /\n  (--[a-z-]+)/).map { String($0.output.1) }
        #expect(options.count > 15)
        for option in options where option != "--version" {
            #expect(page.contains("`\(option)"), "\(option)")
        }
        let settings = try Self.text("docs/man/deploy-ledger.conf.5")
            .matches(of: /\n\.BI (DEPLOY_DASHBOARD_[A-Z_]+)=/).map { String($0.output.1) }
        #expect(settings.count > 3)
        for setting in settings { #expect(page.contains("`\(setting)`"), "\(setting)") }
    }

    @Test func `the table of exit codes has those of the help`() throws {
        let help = try ChildProcess.run([BuiltTool.path("deploy-with-lock"), "--help"]).output
        let table = try Self.text("docs/deploy-with-lock.md")
        let codes = help.matches(of: /\n {2,4}([0-9]+(?:, [0-9]+)?) {3,}[a-z]/).map(\.output.1)
        #expect(codes.count >= 6, "\(codes)")
        for code in codes {
            #expect(table.contains("\n| \(code) "), "\(code)")
        }
    }

    /// Pages whose outputs are compared as a whole, or which have none.
    private static let played = [
        "docs/incidents.md", "docs/troubleshooting.md", "docs/server.md", "docs/upgrading.md",
        "docs/backup.md", ".github/ISSUE_TEMPLATE/problem.md",
    ]

    @Test(arguments: pages) func `commands with their output stand in blocks that are run`(
        page: String
    ) throws {
        guard !Self.played.contains(page) else { return }
        let found = try Self.text(page).firstMatch(of: /\n *```\n *\$ [^\n]*/)
        #expect(found == nil, "\(page): write ```console: \(found?.output ?? "")")
    }

    @Test func `the index has every page`() throws {
        let index = try Self.text("docs/README.md")
        for page in Self.files(in: "docs") where page.hasSuffix(".md") && page != "docs/README.md" {
            #expect(index.contains("](\(page.dropFirst("docs/".count))"), "\(page)")
        }
    }

    @Test func `README can be read in one go`() throws {
        #expect(
            try Self.text("README.md").split(separator: "\n", omittingEmptySubsequences: false)
                .count <= 151)
    }

    @Test func `the page on security names tests that exist`() throws {
        let sources = try ChildProcess.run([
            "grep", "-rhoE", "func `[^`]+`|struct [A-Za-z]+Tests", Repository.path("Tests"),
        ]).output
        let page = try Self.text("docs/security.md")
        for name in page.matches(of: /\*([a-z][^*]+) …\*/).map(\.output.1) {
            #expect(sources.contains("func `\(name)"), "\(name)")
        }
        for suite in page.matches(of: /[A-Z][A-Za-z]+Tests/).map(\.output) {
            #expect(sources.contains("struct \(suite)\n"), "\(suite)")
        }
    }

    @Test func `the page on architecture names files that exist`() throws {
        let paths = try Self.text("docs/architecture.md")
            .matches(of: /`((?:Sources|Tests|scripts|migrations|reports)\/[A-Za-z0-9\/.+-]*)`/)
        #expect(paths.count > 40)
        for path in paths.map(\.output.1) {
            #expect(FileSystem.exists(Repository.path(String(path))), "\(path)")
        }
    }

    @Test func `every test is named by a sentence in back-ticks`() throws {
        let test = "@" + "Test"
        let found = try ChildProcess.run([
            "grep", "-rPzo", "--include=*.swift",
            #"\#(test)\b(?:(?!\bfunc\b)[\s\S])*\bfunc \w+|\#(test)\(\s*""#,
            Repository.path("Tests"),
        ]).output
        #expect(found == "", "\(found)")
    }

    /// What people should not read again.
    private static let worst = [
        "cannot be told", "is no outcome", "is no head", "nothing but reading", " wants ", " anew",
        " he ", " his ", " him ", " himself", "all the same", "without a word", "kept by",
        "so many",
        "what becomes of", "goes past",
    ]

    @Test(arguments: worst) func `pages, examples and scripts are in plain English`(
        pattern: String
    ) throws {
        let found = try ChildProcess.run(
            // docs/incidents.md is what the tools print.
            ["grep", "-rnFI", "--exclude=*.py", "--exclude=incidents.md", "--", pattern]
                + (Self.pages + ["examples", "scripts"]).map(Repository.path)
        ).output
        #expect(found == "", "\(found)")
    }
}
