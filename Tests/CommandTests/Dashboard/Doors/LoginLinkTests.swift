import TestSupport
import Testing

/// Links that log in once.
@Suite struct LoginLinkTests {
    /// What stands behind `/login?link=` of a new link.
    private func link(_ fixture: Fixture, _ arguments: [String] = []) throws -> String {
        let result = try fixture.dashboard(["link"] + fixture.tokenFileOption + arguments)
        #expect(result.code == 0, "\(result.errors)")
        let start = "http://127.0.0.1:8080/login?link="
        try #require(result.output.hasPrefix(start), "\(result.output)")
        return String(result.output.dropFirst(start.count).dropLast())
    }

    @Test func `a preview does not use it up, the button does`() throws {
        let server = try DashboardServer()
        let link = try link(server.fixture)
        for method in ["GET", "GET", "HEAD"] {
            let answer = try server.ask("/login?link=\(link)&next=/x", method: method)
            #expect(answer.status == 200)
            #expect(answer["Set-Cookie"] == nil)
            guard method == "GET" else { continue }
            #expect(answer.body.contains("name=\"link\" value=\"\(link)\""))
            #expect(answer.body.contains("name=\"next\" value=\"/x\""))
            #expect(!answer.body.contains("type=\"password\""))
        }
        let cookie = try server.logIn("link=\(link)")
        #expect(try server.ask("/super-admin/deployments", [cookie]).status != 401)
        #expect(try server.post("/login", "link=\(link)").status == 401)
    }

    @Test func `it ends`() throws {
        let server = try DashboardServer(["--limit", "link=0.001s"])
        #expect(try server.post("/login", "link=\(link(server.fixture))").status == 401)
    }

    @Test func `one that was made before the server began is none`() throws {
        let fixture = try Fixture()
        let token = try fixture.addToken("test")
        let link = try link(fixture)
        let server = try DashboardServer([], fixture, token: token)
        #expect(try server.post("/login", "link=\(link)").status == 401)
    }

    @Test func `it ends with its token`() throws {
        let fixture = try Fixture()
        let server = try DashboardServer([], fixture)
        let link = try link(fixture)
        _ = try fixture.addToken("test", ["--replace"])
        #expect(try server.post("/login", "link=\(link)").status == 401)
    }

    @Test func `one that somebody changed is none`() throws {
        let server = try DashboardServer()
        let parts = try link(server.fixture).split(separator: ":").map(String.init)
        #expect(parts.count == 4)
        for changed in [
            [parts[0], parts[1], parts[2].replacing("0", with: "1") + "0", parts[3]],
            [parts[0], parts[1] + "0", parts[2], parts[3]],
            ["other", parts[1], parts[2], parts[3]], [parts[0], parts[1], parts[2]],
        ] {
            let form = "link=\(changed.joined(separator: ":"))"
            #expect(try server.post("/login", form).status == 401, "\(changed)")
        }
    }

    @Test func `a session is no link, and a link no session`() throws {
        let server = try DashboardServer()
        let cookie = try server.logIn("token=\(server.token)")
        let name = try #require(cookie.split(separator: "=").first)
        let link = try link(server.fixture)
        #expect(
            try server.ask("/super-admin/deployments", ["\(name)=\(link)"]).status == 401)
        let value = try #require(cookie.split(separator: "=").last)
        #expect(try server.post("/login", "link=\(value)").status == 401)
    }

    @Test func `where there are several tokens one is named`() throws {
        let fixture = try Fixture()
        let server = try DashboardServer([], fixture)
        _ = try fixture.addToken("laptop")
        _ = try fixture.addToken("old", ["--expires", "0.001s"])
        let unnamed = try fixture.dashboard(["link"] + fixture.tokenFileOption)
        #expect(unnamed.code == 64)
        #expect(unnamed.errors.contains("there are several tokens, name one: test, laptop"))
        let expired = try fixture.dashboard(["link", "old"] + fixture.tokenFileOption)
        #expect(expired.code == 64)
        let unknown = try fixture.dashboard(["link", "labtop"] + fixture.tokenFileOption)
        #expect(unknown.code == 64)
        #expect(unknown.errors.contains("did you mean 'laptop'?"))
        _ = try server.logIn("link=\(link(fixture, ["laptop"]))")
        #expect(eventually { server.child.errors.contains("listening") })
    }

    @Test func `its address is that of browsers`() throws {
        let fixture = try Fixture()
        _ = try fixture.addToken("test")
        let own = try fixture.dashboard(
            ["link", "--url", "https://deploys.example.com/deploys/"] + fixture.tokenFileOption)
        #expect(own.output.hasPrefix("https://deploys.example.com/deploys/login?link=test:"))
        let configured = try fixture.dashboard(
            ["link"] + fixture.tokenFileOption,
            environment: ["DEPLOY_DASHBOARD_URL": "http://10.0.0.1:8080"])
        #expect(configured.output.hasPrefix("http://10.0.0.1:8080/login?link=test:"))
        for url in ["example.com", "ftp://x", "http://x/?a", "http://x y"] {
            let wrong = try fixture.dashboard(["link", "--url", url] + fixture.tokenFileOption)
            #expect(wrong.code == 64, "\(url)")
        }
    }

    /// Starts a server at a terminal and gives what it said there.
    private func atTerminal(_ fixture: Fixture, _ arguments: [String]) throws -> String {
        // Reads what it says until the link, logs in, and ends it.
        let script = """
            import os, pty, re, signal, sys, urllib.request, urllib.parse
            pid, terminal = pty.fork()
            if pid == 0: os.execv(sys.argv[1], sys.argv[1:])
            said = b""
            while not re.search(rb"(log in within|open http)[^\\n]*\\n", said): said += os.read(terminal, 4096)
            print(said.decode().replace("\\r", ""), end="")
            os.kill(pid, signal.SIGTERM)
            os.waitpid(pid, 0)
            """
        let result = try ChildProcess.run(
            ["python3", "-c", script, BuiltTool.path("deploy-dashboard"), "--port", "0"]
                + arguments,
            environment: fixture.environment(["TERM": "xterm"]))
        #expect(result.code == 0, "\(result.errors)")
        return result.output
    }

    @Test func `a terminal gets one at the start, nobody else`() throws {
        let fixture = try Fixture()
        let server = try DashboardServer([], fixture)
        #expect(!server.child.errors.contains("link="))
        let said = try atTerminal(fixture, fixture.tokenFileOption)
        #expect(said.contains("log in within 10 minutes: http://127.0.0.1:"))
        #expect(said.contains("/login?link=test:"))
        let open = try atTerminal(fixture, fixture.tokenFileOption + ["--public"])
        #expect(open.contains("open http://127.0.0.1:"))
        #expect(!open.contains("link="))
    }

    @Test func `a first start at a terminal needs nothing else`() throws {
        let fixture = try Fixture()
        let file = fixture.directory.file("new/folder/tokens")
        let said = try atTerminal(fixture, ["--token-file", file, "--base-path", "/deploys"])
        #expect(said.contains("deploy-dashboard: created \(file)\n"))
        #expect(said.contains("/deploys/login?link=terminal:"))
        let mode = try ChildProcess.run(["stat", "-c", "%a", file]).output
        #expect(mode == "600\n")
    }
}
