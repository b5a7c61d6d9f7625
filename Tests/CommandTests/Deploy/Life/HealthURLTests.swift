import Glibc
import SystemCalls
import TestSupport
import Testing

/// Against a real server on a port of its own.
@Suite struct HealthURLTests {
    /// Answers `/ok/TEXT` with the text, `/status/N` with that status, `/moved` with a redirect to a
    /// page that is fine, `/big` with a megabyte, `/slow` never.
    private static let server = """
        import http.server, sys, time
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                path = self.path
                if path == "/slow": time.sleep(600)
                body = b"fine"
                status = 200
                if path.startswith("/ok/"): body = path[4:].encode()
                if path.startswith("/status/"): status = int(path[8:])
                if path == "/big": body = b"x" * 1048576
                self.send_response(302 if path == "/moved" else status)
                if path == "/moved": self.send_header("Location", "/ok/login")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def log_message(self, *arguments): pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """

    private static let answers: [(arguments: [String], code: CInt)] = [
        (["/ok/x"], 0), (["/status/204"], 0), (["/status/404"], 69), (["/status/500"], 69),
        (["/moved"], 69), (["/moved", "--health-follow-redirects"], 0),
        (["/ok/v-abc123", "--health-expect", "v-{sha}"], 0),
        (["/ok/v-abc122", "--health-expect", "v-{sha}"], 69),
        (["/ok/n1", "--health-expect", "n{number}"], 0),
        (["/ok/%7Bsha%7D", "--health-expect", "{other}"], 69),
        (["/big", "--health-expect", "xxx"], 0), (["/slow", "--health-timeout", "0.3s"], 69),
    ]

    @Test(arguments: answers)
    func `an address is well when it answers with 2xx and the text`(
        _ arguments: [String], _ code: CInt
    ) throws {
        let fixture = try Fixture()
        let server = try ChildProcess(["python3", "-c", Self.server])
        defer { server.kill(SIGKILL) }
        try #require(eventually { server.output.hasSuffix("\n") })
        let port = server.output.dropLast()
        let result = try fixture.run(
            [
                "--sha", "abc123", "--health-delay", "0", "--health-retries", "1", "--health-url",
                "http://127.0.0.1:\(port)\(arguments[0])",
            ] + arguments.dropFirst() + ["true"])
        #expect(result.code == code, "\(result.errors)")
    }
}
