import SystemCalls
import TestSupport
import Testing

/// `deploy-dashboard token`.
@Suite struct TokenCommandTests {
    @Test func `a token is shown once and only its hash is kept`() throws {
        let fixture = try Fixture()
        let secret = try fixture.addToken("laptop")
        #expect(secret.hasPrefix("ddt_"))
        #expect(secret.utf8.count == 68)
        let text = fixture.read("tokens")
        #expect(!text.contains(secret))
        let hash = try ChildProcess.run(["sh", "-c", "printf %s \(secret) | sha256sum"]).output
        #expect(text.contains("laptop sha256:\(hash.prefix(64))\n"))
        #expect(try ChildProcess.run(["stat", "-c", "%a", fixture.tokenFile]).output == "600\n")
        #expect(try fixture.addToken("ci") != secret)
    }

    @Test func `two tokens of one name let nobody in, and it is said`() throws {
        let fixture = try Fixture()
        let server = try DashboardServer([], fixture)
        let line = try #require(fixture.lines("tokens").first { $0.hasPrefix("test ") })
        fixture.write("tokens", "\(line)\ntest sha256:\(String(repeating: "0", count: 64))\n")
        #expect(try server.askWithToken("/api/admin/status").status == 401)
        #expect(server.child.errors.contains("has two tokens named 'test'"))
        let list = try fixture.dashboard(["token", "--list"] + fixture.tokenFileOption)
        #expect(list.code == 1 && list.errors.contains("rename or remove one of them"))
    }

    @Test func `names are listed with the ends of tokens`() throws {
        let fixture = try Fixture()
        _ = try fixture.addToken("laptop")
        _ = try fixture.addToken("ci", ["--expires", "90d"])
        let list = try fixture.dashboard(["token", "--list"] + fixture.tokenFileOption)
        let lines = list.output.split(separator: "\n")
        #expect(lines.first == "laptop never")
        #expect(lines.last?.wholeMatch(of: /ci \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
    }

    @Test func `a name is taken until it is replaced or removed`() throws {
        let fixture = try Fixture()
        let first = try fixture.addToken("laptop")
        let again = try fixture.dashboard(["token", "laptop"] + fixture.tokenFileOption)
        #expect(again.code == 64)
        #expect(again.errors.contains("there is a token named 'laptop' already"))
        #expect(again.output == "")
        #expect(try fixture.addToken("laptop", ["--replace"]) != first)
        #expect(fixture.lines("tokens").filter { $0.hasPrefix("laptop") }.count == 1)
        let remove = ["token", "--remove", "laptop"] + fixture.tokenFileOption
        #expect(try fixture.dashboard(remove).code == 0)
        #expect(try fixture.dashboard(remove).code == 64)
    }

    @Test(arguments: [
        [], ["--list", "x"], ["a b"], ["a/b"], [String(repeating: "a", count: 65)],
        ["x", "--expires", "soon"], ["x", "--expires", "0"], ["--list", "--expires", "1d"],
        ["--remove", "x", "--replace"],
    ])
    func `what cannot be meant is a usage error`(_ arguments: [String]) throws {
        let fixture = try Fixture()
        let result = try fixture.dashboard(["token"] + arguments + fixture.tokenFileOption)
        #expect(result.code == 64)
        #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        #expect(!FileSystem.exists(fixture.tokenFile))
    }

    @Test func `a file that others may read is refused rather than added to`() throws {
        let fixture = try Fixture()
        fixture.write("tokens", "")
        let result = try fixture.dashboard(["token", "x"] + fixture.tokenFileOption)
        #expect(result.code == 1)
        #expect(result.errors.contains("chmod 600"))
        #expect(fixture.read("tokens") == "")
    }

    @Test func `those who add at the same time all get in`() throws {
        let fixture = try Fixture()
        let adding = try (1...8).map { number in
            try ChildProcess(
                [BuiltTool.path("deploy-dashboard"), "token", "t\(number)"]
                    + fixture.tokenFileOption,
                environment: fixture.environment())
        }
        for child in adding { #expect(try child.finish().code == 0) }
        #expect(fixture.lines("tokens").count == 9)
    }

    @Test func `an ordinary user's file is in their own configuration`() throws {
        let fixture = try Fixture()
        let user = try OtherUser(tool: "deploy-dashboard")
        let home = fixture.directory.file("home")
        try fixture.makeFolder("home")
        _ = try ChildProcess.run(["chmod", "777", home])
        for (environment, path) in [
            (["HOME": home, "XDG_CONFIG_HOME": nil], "\(home)/.config/deploy-dashboard/tokens"),
            (["HOME": home, "XDG_CONFIG_HOME": "\(home)/c"], "\(home)/c/deploy-dashboard/tokens"),
            (["HOME": home, "XDG_CONFIG_HOME": "c"], "\(home)/.config/deploy-dashboard/tokens"),
        ] as [([String: String?], String)] {
            let result = try ChildProcess.run(
                OtherUser.prefix + [user.tool, "token", "x", "--replace"],
                environment: fixture.environment(environment))
            #expect(result.code == 0, "\(result.errors)")
            #expect(FileSystem.exists(path), "\(path)")
        }
        let configured = try ChildProcess.run(
            [BuiltTool.path("deploy-dashboard"), "token", "x"],
            environment: fixture.environment([
                "DEPLOY_DASHBOARD_TOKEN_FILE": fixture.directory.file("elsewhere")
            ]))
        #expect(configured.code == 0)
        #expect(fixture.exists("elsewhere"))
    }
}
