import SystemCalls
import TestSupport
import Testing

/// The manual pages in `docs/man`.
@Suite struct ManualTests {
    private static let root = Repository.root
    private static let folder = root + "/docs/man/"

    private static var pages: [String] {
        ((try? FileSystem.entries(of: folder)) ?? []).filter {
            $0.hasSuffix(".1") || $0.hasSuffix(".5")
        }
    }

    private static func has(_ tool: String) -> Bool {
        (try? ChildProcess.run(["sh", "-c", "command -v \(tool)"]).code) == 0
    }

    private func text(_ page: String) throws -> String {
        String(decoding: try FileSystem.read(Self.folder + page), as: UTF8.self)
    }

    @Test func `the kept manual pages are what the tools generate`() throws {
        let bin = String(BuiltTool.path("x").dropLast(2))
        let result = try ChildProcess.run([
            "python3", Self.root + "/scripts/generate/man-pages.py", "--check", bin,
        ])
        #expect(result.code == 0, "\(result.output)\(result.errors)")
        #expect(Self.pages.count > 20)
    }

    @Test func `the configuration that setup writes and packages bring is that of its manual page`()
        throws
    {
        let result = try ChildProcess.run([
            "python3", Self.root + "/scripts/generate/configuration.py",
        ])
        #expect(result.code == 0, "\(result.errors)")
        let kept = try FileSystem.read(Self.root + "/examples/deploy-ledger.conf")
        #expect(String(decoding: kept, as: UTF8.self) == result.output)
        #expect(result.output.contains("\nDEPLOY_LEDGER=/var/lib/deploy-ledger/ledger.db\n"))
    }

    @Test func `every manual page has its sections and only ASCII`() throws {
        for page in Self.pages {
            let text = try text(page)
            #expect(text.utf8.allSatisfy { $0 < 0x80 }, "\(page)")
            for section in ["NAME", "DESCRIPTION", "SEE ALSO"] {
                #expect(text.contains("\n.SH \(section)\n"), "\(page): \(section)")
            }
            guard page.hasSuffix(".1") else { continue }
            for section in ["SYNOPSIS", "OPTIONS", "EXIT STATUS"] {
                #expect(text.contains("\n.SH \(section)\n"), "\(page): \(section)")
            }
            #expect(!text.contains("subcommand"), "\(page)")
        }
        for page in ["deploy-with-lock", "check-deploy-lock", "deploystats"] {
            for section in ["ENVIRONMENT", "FILES", "EXAMPLES"] {
                #expect(try text(page + ".1").contains("\n.SH \(section)\n"), "\(page): \(section)")
            }
        }
        #expect(try text("check-deploy-lock.1").contains("\\fB\\-\\-force\\-unlock\\fR"))
        #expect(try text("deploy-with-lock.1").contains("cron, manual, ..."))
    }

    @Test func `a manual page refers only to pages that exist`() throws {
        // Those of others.
        let known = Self.pages + ["flock.1", "flock.2", "gh.1"]
        for page in Self.pages {
            let plain = try text(page).replacing("\\-", with: "-").replacing(/\\f[BIR]/, with: "")
            for reference in plain.matches(of: /([a-z][a-z.-]*) ?\(([1-8])\)/) {
                let name = "\(reference.1).\(reference.2)"
                #expect(known.contains(name), "\(page) refers to \(name)")
            }
        }
    }

    @Test(.enabled(if: has("mandoc"), "needs mandoc")) func `mandoc accepts every manual page`()
        throws
    {
        let result = try ChildProcess.run(
            ["mandoc", "-T", "lint"] + Self.pages.map { Self.folder + $0 })
        #expect(result.output + result.errors == "")
    }

    @Test(.enabled(if: has("groff"), "needs groff")) func `groff accepts every manual page`() throws
    {
        for page in Self.pages {
            let result = try ChildProcess.run(
                ["groff", "-ww", "-man", "-Tascii", "-z", Self.folder + page])
            #expect(result.errors == "", "\(page)")
        }
    }
}
