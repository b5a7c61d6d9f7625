import Glibc
import SystemCalls
import TestSupport
import Testing

/// A dashboard that runs for one test, with a token that lets in.
struct DashboardServer: Sendable {
    /// Where it listens: a port of 127.0.0.1, or a socket.
    enum Place: Sendable {
        case port(Int)
        case socket(String)
    }

    let fixture: Fixture
    let child: ChildProcess
    let place: Place
    /// A token named `test`.
    let token: String

    /// Starts one and waits until it listens.
    ///
    /// - Parameters:
    ///   - options: besides the port and the token file.
    ///   - token: one that the file of the fixture already has; nil to add one.
    ///   - onSocket: whether it listens on a socket in the fixture's folder.
    ///   - command: what starts it.
    init(
        _ options: [String] = [], _ fixture: Fixture, token: String? = nil, onSocket: Bool = false,
        environment: [String: String?] = [:],
        command: [String] = [BuiltTool.path("deploy-dashboard")]
    ) throws {
        self.fixture = fixture
        self.token = try token ?? fixture.addToken("test")
        let socket = fixture.directory.file("dashboard.sock")
        var arguments = fixture.tokenFileOption
        if onSocket {
            arguments += ["--socket", socket]
        } else if !options.contains("--port") {
            arguments += ["--port", "0"]
        }
        let child = try ChildProcess(
            command + arguments + options, environment: fixture.environment(environment))
        self.child = child
        try #require(
            eventually { child.errors.contains("listening on ") || !child.isRunning },
            "\(child.errors)")
        let line = child.errors.split(separator: "\n").first { $0.contains("listening on ") }
        let text = try #require(line, "\(child.errors)")
        place =
            onSocket
            ? .socket(socket) : .port(try #require(Int(text.split(separator: ":").last ?? "")))
    }

    /// One with a fixture of its own.
    init(_ options: [String] = [], onSocket: Bool = false) throws {
        try self.init(options, Fixture(), onSocket: onSocket)
    }

    var port: Int {
        switch place {
        case .port(let port): port
        case .socket: 0
        }
    }

    /// A new connection.
    func connect() throws -> RawConnection {
        switch place {
        case .port(let port): try RawConnection(port: port)
        case .socket(let path): try RawConnection(path: path)
        }
    }

    /// Asks for something with fields of one's own, on a connection of its own.
    func ask(
        _ path: String, method: String = "GET", _ fields: [String] = [], body: String? = nil,
        host: String? = "localhost"
    ) throws -> RawAnswer {
        let connection = try connect()
        var lines = ["\(method) \(path) HTTP/1.1"] + fields
        if let host { lines.append("Host: \(host)") }
        if let body { lines.append("Content-Length: \(body.utf8.count)") }
        connection.send((lines + ["", body ?? ""]).joined(separator: "\r\n"))
        let isStream = fields.contains("Accept: text/event-stream")
        return try connection.answer(hasBody: method != "HEAD" && !isStream)
    }

    /// The same with the token.
    func askWithToken(_ path: String, method: String = "GET") throws -> RawAnswer {
        try ask(path, method: method, ["Authorization: Bearer \(token)"])
    }

    /// Sends a form as this server's own page does.
    func post(
        _ path: String, _ form: String, _ fields: [String] = [], host: String = "localhost"
    ) throws -> RawAnswer {
        try ask(
            path, method: "POST",
            ["Content-Type: application/x-www-form-urlencoded", "Origin: http://\(host)"] + fields,
            body: form, host: host)
    }

    /// Logs in, and gives what a browser sends from then on.
    func logIn(_ form: String) throws -> String {
        let answer = try post("/login", form)
        #expect(answer.status == 303)
        let cookie = try #require(answer["Set-Cookie"])
        return "Cookie: " + (cookie.split(separator: ";").first ?? "")
    }
}

extension Fixture {
    var tokenFile: String { directory.file("tokens") }
    var tokenFileOption: [String] { ["--token-file", tokenFile] }

    /// Adds a token and gives its secret.
    func addToken(_ name: String, _ options: [String] = []) throws -> String {
        let result = try dashboard(["token", name] + tokenFileOption + options)
        #expect(result.code == 0, "\(result.errors)")
        return String(result.output.dropLast())
    }

    /// Runs `deploy-dashboard` to its end.
    func dashboard(
        _ arguments: [String], environment more: [String: String?] = [:]
    ) throws -> ChildProcess.Result {
        try ChildProcess.run(
            [BuiltTool.path("deploy-dashboard")] + arguments, environment: environment(more))
    }
}
