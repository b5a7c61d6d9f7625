import Glibc
import SystemCalls
import TestSupport
import Testing

/// How a server starts and ends, and when it does not.
@Suite struct DashboardStartTests {
    @Test(arguments: [
        (["--host", "deploys.example.com"], "names are not looked up"),
        (["--host", "192.0.2.1"], "use --tls-cert and --tls-key, --trusted-proxy, or --insecure"),
        (["--host", "::"], "use --tls-cert and --tls-key, --trusted-proxy, or --insecure"),
        (["--host", "0.0.0.0", "--insecure"], "requires --allowed-host"),
        (["--host", "::", "--trusted-proxy", "192.0.2.1"], "requires --allowed-host"),
        (
            ["--host", "192.0.2.1", "--insecure", "--public"],
            "--public is for an address of loopback"
        ),
        (["--public", "--socket", "/tmp/s"], "--public is for an address of loopback"),
        (
            ["--public", "--trusted-proxy", "127.0.0.1"],
            "--public does not go with --trusted-proxy"
        ),
        (
            ["--public", "--allowed-host", "deploys.example.com"],
            "--public does not go with"
        ),
        (["--tls-cert", "x"], "--tls-cert and --tls-key go together"),
        (["--tls-key", "x"], "--tls-cert and --tls-key go together"),
        (["--socket", "x", "--port", "1"], "--socket does not go with"),
        (["--socket", "x", "--host", "127.0.0.1"], "--socket does not go with"),
        (["--socket", String(repeating: "x", count: 108)], "at most 107 bytes"),
        (["--port", "65536"], "--port must be a number from 0 to 65535"),
        (["--port", "http"], "--port"),
        (["--base-path", "deploys"], "--base-path must be a path"),
        (["--base-path", "/a/../b"], "--base-path must be a path"),
        (["--base-path", "/a b"], "--base-path must be a path"),
        (["--base-path", "//evil"], "--base-path must be a path"),
        (["--allowed-host", "https://x"], "--allowed-host must be a name"),
        (["--allowed-host", "x:0"], "--allowed-host must be a name"),
        (["--trusted-proxy", "proxy.example"], "--trusted-proxy must be an IP address"),
        (["--trusted-proxy", "10.0.0.0/33"], "--trusted-proxy must be an IP address"),
        (["--trusted-proxy", "unix"], "--trusted-proxy unix goes with --socket"),
        (["--socket", "x", "--trusted-proxy", "10.0.0.1"], "the only --trusted-proxy is unix"),
        (["--colour", "red;x"], "--colour must be a colour such as"),
        (["--name", ""], "--name must not be empty"),
        (["--name", String(repeating: "x", count: 65)], "--name must have at most 64 characters"),
        (["--tz", "Mars/Base"], "unknown time zone"),
        (["--log-level", "loud"], "--log-level must be"),
        (["--max-streams", "0"], "--max-streams must be"),
        (["--limit", "patience=1s"], "unknown limit"),
        (["--limit", "head=soon"], "requires a duration"),
        (["--lock-file", ""], "--lock-file must not be empty"),
    ])
    func `what does not go together is a usage error in one line`(
        _ arguments: [String], _ words: String
    ) throws {
        let fixture = try Fixture()
        _ = try fixture.addToken("test")
        let result = try fixture.dashboard(fixture.tokenFileOption + arguments)
        #expect(result.code == 64)
        #expect(result.errors.contains(words), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        #expect(result.output == "")
    }

    @Test(arguments: [
        ("DEPLOY_DASHBOARD_NAME", String(repeating: "x", count: 65), "at most 64 characters"),
        ("DEPLOY_DASHBOARD_COLOUR", "red;x", "must be a colour such as"),
    ])
    func `a setting that cannot be meant is one, too`(
        _ name: String, _ value: String, _ words: String
    ) throws {
        let fixture = try Fixture()
        _ = try fixture.addToken("test")
        let result = try fixture.dashboard(fixture.tokenFileOption, environment: [name: value])
        #expect(result.code == 64)
        #expect(result.errors.contains(name) && result.errors.contains(words), "\(result.errors)")
    }

    @Test func `without a token file nobody is served`() throws {
        let fixture = try Fixture()
        let result = try fixture.dashboard(fixture.tokenFileOption + ["--port", "0"])
        #expect(result.code == 64)
        #expect(result.errors.contains("create a token with 'deploy-dashboard token NAME'"))
        #expect(!FileSystem.exists(fixture.tokenFile))
    }

    @Test(arguments: [
        ("a b c d", 0o600, "line 1 of"), ("# x\nci sha256:12", 0o600, "line 2 of"),
        ("", 0o604, "can be read by others (mode 604)"),
    ])
    func `a token file that is not right keeps a server from starting`(
        _ text: String, _ mode: mode_t, _ words: String
    ) throws {
        let fixture = try Fixture()
        fixture.write("tokens", text)
        chmod(fixture.tokenFile, mode)
        let result = try fixture.dashboard(fixture.tokenFileOption + ["--port", "0"])
        #expect(result.code == 1)
        #expect(result.errors.contains(words), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1)
    }

    @Test func `an address in use is said in one line`() throws {
        let first = try DashboardServer()
        let second = try first.fixture.dashboard(
            first.fixture.tokenFileOption + ["--port", "\(first.port)"])
        #expect(second.code == 1)
        #expect(
            second.errors
                == "deploy-dashboard: cannot listen on 127.0.0.1:\(first.port): Address already in use\n"
        )
        let foreign = try first.fixture.dashboard(
            first.fixture.tokenFileOption + ["--host", "192.0.2.1", "--insecure"])
        #expect(foreign.code == 1)
        #expect(foreign.errors.contains("cannot listen on 192.0.2.1:8080: Cannot assign"))
    }

    @Test func `a socket is for its owner and group, and not taken from another server`() throws {
        let server = try DashboardServer(onSocket: true)
        let path = server.fixture.directory.file("dashboard.sock")
        #expect(try ChildProcess.run(["stat", "-c", "%a %F", path]).output == "660 socket\n")
        let second = try server.fixture.dashboard(
            server.fixture.tokenFileOption + ["--socket", path])
        #expect(second.code == 1)
        #expect(
            second.errors == "deploy-dashboard: cannot listen on \(path): another server does\n")
        #expect(try server.ask("/login").status == 200)
        // What was left behind is no hindrance.
        server.child.kill(SIGKILL)
        _ = try server.child.finish()
        let third = try DashboardServer(
            [], server.fixture, token: server.token, onSocket: true)
        #expect(try third.ask("/login").status == 200)
        // A file of another kind is not removed.
        server.fixture.write("file", "mine")
        let file = server.fixture.directory.file("file")
        let fourth = try server.fixture.dashboard(
            server.fixture.tokenFileOption + ["--socket", file])
        #expect(fourth.code == 1)
        #expect(server.fixture.read("file") == "mine")
        #expect(
            fourth.errors
                == "deploy-dashboard: cannot listen on \(file): it exists and is not a socket\n")
    }

    @Test func `other addresses of loopback are served, by number and by name`() throws {
        let fixture = try Fixture()
        let token = try fixture.addToken("test")
        let named = try DashboardServer(["--host", "localhost"], fixture, token: token)
        #expect(try named.ask("/login").status == 200)
        let all = try DashboardServer(
            ["--host", "0.0.0.0", "--insecure", "--allowed-host", "deploys.example.com"], fixture,
            token: token)
        #expect(try all.ask("/login", host: "deploys.example.com").status == 200)
        #expect(try all.ask("/login", host: "0.0.0.0").status == 421)
        let v6 = try DashboardServer(["--host", "::1"], fixture, token: token)
        #expect(v6.child.errors.contains("listening on [::1]:"))
    }

    @Test(arguments: [false, true])
    func `a service manager is told when it listens`(_ isAbstract: Bool) throws {
        let fixture = try Fixture()
        let token = try fixture.addToken("test")
        // Python, because a name that is no file is beyond the receiver of the other tests.
        let path = (isAbstract ? "@" : "") + fixture.directory.file("notify")
        let script = """
            import socket, sys
            receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            receiver.bind(sys.argv[1].replace("@", "\\0", 1))
            open(sys.argv[2], "x")
            print(receiver.recv(4096).decode())
            """
        let manager = try ChildProcess([
            "python3", "-c", script, path, fixture.directory.file("ready"),
        ])
        try #require(eventually { fixture.exists("ready") })
        let server = try DashboardServer(
            [], fixture, token: token, environment: ["NOTIFY_SOCKET": path])
        let told = try manager.finish().output
        #expect(told == "READY=1\nSTATUS=Listening on 127.0.0.1:\(server.port)\n\n")
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func `a signal ends it, connections that are open or not`(_ signal: CInt) throws {
        let server = try DashboardServer()
        let idle = try server.connect()
        let half = try server.connect()
        half.send("GET /login HTTP/1.1\r\n")
        let used = try server.connect()
        used.send("GET /login HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(try used.answer().status == 200)
        server.child.kill(signal)
        #expect(try server.child.finish().code == 0)
        #expect(try idle.rest() == "")
        #expect(try used.rest() == "")
    }

    @Test func `a reader that is gone is no reason to end`() throws {
        let server = try DashboardServer()
        for _ in 1...20 {
            let connection = try server.connect()
            connection.send("GET /login HTTP/1.1\r\nHost: localhost\r\n\r\n")
        }
        #expect(try server.ask("/login").status == 200)
    }
}
