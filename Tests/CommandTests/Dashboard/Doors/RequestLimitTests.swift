import SystemCalls
import TestSupport
import Testing

/// Clients that are too large, too slow, endless, or in a hurry.
@Suite struct RequestLimitTests {
    private static let head = "Host: localhost\r\n"

    private func form(_ server: DashboardServer, length: String) -> String {
        "POST /login HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n"
            + "Content-Type: application/x-www-form-urlencoded\r\n\(length)\r\n\r\n"
    }

    @Test func `heads are limited`() throws {
        let server = try DashboardServer()
        let long = String(repeating: "a", count: 8100)
        #expect(try server.ask("/login?\(String(repeating: "a", count: 7900))").status == 200)
        #expect(try server.ask("/login?\(String(repeating: "a", count: 9000))").status == 431)
        #expect(try server.ask("/login", ["X-Long: \(long)"]).status == 200)
        #expect(
            try server.ask(
                "/login",
                [
                    "X-Long: \(long)aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                        + String(repeating: "a", count: 100)
                ]
            ).status == 431)
        #expect(try server.ask("/login", ["A: \(long)", "B: \(long)", "C: \(long)"]).status == 431)
        let many = (1...80).map { "X-\($0): y" }
        #expect(try server.ask("/login", many).status == 431)
    }

    @Test(arguments: [
        "Content-Length: 5\r\n\r\nhello",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "Content-Length: 5000000\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    ])
    func `a GET has no body, and the connection ends with it`(_ body: String) throws {
        let server = try DashboardServer(["--limit", "linger=0.2s"])
        for method in ["GET", "HEAD"] {
            let connection = try server.connect()
            connection.send("\(method) /login HTTP/1.1\r\n\(Self.head)\(body)")
            let answer = try connection.answer(hasBody: method == "GET")
            #expect(answer.status == 400)
            #expect(answer["Connection"] == "close")
            #expect(try connection.rest() == "")
        }
    }

    @Test func `a form is limited`() throws {
        let server = try DashboardServer(["--limit", "linger=0.2s"])
        let announced = try server.connect()
        announced.send(form(server, length: "Content-Length: 100000000"))
        #expect(try announced.answer().status == 413)
        #expect(try announced.rest() == "")
        let chunked = try server.connect()
        chunked.send(form(server, length: "Transfer-Encoding: chunked"))
        for _ in 0..<9 { chunked.send("400\r\n\(String(repeating: "a", count: 1024))\r\n") }
        #expect(try chunked.answer().status == 413)
        #expect(try chunked.rest() == "")
        #expect(
            try server.post("/login", "token=\(String(repeating: "a", count: 8000))").status == 401)
    }

    @Test func `an endless body is not listened to`() throws {
        let server = try DashboardServer(["--limit", "linger=0.2s"])
        let connection = try server.connect()
        // Nothing asks for the body of what is answered 404.
        connection.send(
            "POST /nothing HTTP/1.1\r\n\(Self.head)Content-Length: 1000000000000\r\n\r\n")
        #expect(try connection.answer().status == 404)
        let block = String(repeating: "a", count: 1 << 16)
        // The system may take some of it before it hears that the connection is no more.
        #expect(eventually { !connection.send(block) })
    }

    @Test func `a slow head ends the connection`() throws {
        let server = try DashboardServer(["--limit", "head=0.3s"])
        let silent = try server.connect()
        #expect(try silent.rest() == "")
        let trickling = try server.connect()
        trickling.send("GET /login HTTP/1.1\r\nX: ")
        // As long as it takes something, another byte comes.
        #expect(eventually { !trickling.send("a") })
        // Another one is answered meanwhile.
        #expect(try server.ask("/login").status == 200)
    }

    @Test func `a slow body ends the connection`() throws {
        let server = try DashboardServer(["--limit", "body=0.3s"])
        let connection = try server.connect()
        connection.send(form(server, length: "Content-Length: 1000000"))
        let rest = form(server, length: "Content-Length: 8000")
        let trickling = try server.connect()
        trickling.send(rest)
        var sent = 0
        #expect(
            eventually {
                sent += 1
                // Never all of it.
                return sent < 7000 && !trickling.send("a") || sent >= 7000
            })
        #expect(sent < 7000)
    }

    @Test func `a reader that reads nothing is given up`() throws {
        let server = try DashboardServer(["--limit", "write=0.3s", "--limit", "head=100s"])
        let connection = try server.connect()
        // More than the system keeps for somebody who does not read.
        let requests = String(
            repeating: "GET /login HTTP/1.1\r\n\(Self.head)\r\n", count: 1000)
        #expect(eventually { !connection.send(requests) })
        #expect(try server.ask("/login").status == 200)
    }

    @Test func `requests in a row are answered in their order`() throws {
        let server = try DashboardServer()
        let connection = try server.connect()
        connection.send(
            "GET /login HTTP/1.1\r\n\(Self.head)\r\nGET /nothing HTTP/1.1\r\n\(Self.head)\r\n"
                + "HEAD /login HTTP/1.1\r\n\(Self.head)\r\nPOST /logout HTTP/1.1\r\n\(Self.head)\r\n"
                + "GET /login HTTP/1.1\r\n\(Self.head)Connection: close\r\n\r\n"
                + "GET /login HTTP/1.1\r\n\(Self.head)\r\n")
        #expect(try connection.answer().status == 200)
        #expect(try connection.answer().status == 404)
        #expect(try connection.answer(hasBody: false).status == 200)
        #expect(try connection.answer().status == 403)
        let last = try connection.answer()
        #expect(last.status == 200)
        #expect(last["Connection"] == "close")
        #expect(try connection.rest() == "")
    }

    @Test func `a second head that is no head ends the connection after the first answer`() throws {
        let server = try DashboardServer()
        let connection = try server.connect()
        connection.send("GET /login HTTP/1.1\r\n\(Self.head)\r\nnonsense\r\n\r\n")
        #expect(try connection.answer().status == 200)
        // When it is seen soon enough, the first answer is the last.
        let rest = try connection.rest()
        #expect(rest.isEmpty || rest.hasPrefix("HTTP/1.1 400 "), "\(rest)")
    }

    @Test func `a client that sends its end early gets its answer`() throws {
        let server = try DashboardServer()
        let connection = try server.connect()
        connection.send("GET /login HTTP/1.1\r\n\(Self.head)\r\n")
        connection.finish()
        #expect(try connection.answer().status == 200)
        #expect(try connection.rest() == "")
    }

    @Test func `HTTP 1_0 ends with the answer`() throws {
        let server = try DashboardServer()
        let connection = try server.connect()
        connection.send("GET /login HTTP/1.0\r\n\(Self.head)\r\n")
        #expect(try connection.answer().status == 200)
        #expect(try connection.rest() == "")
    }

    @Test(arguments: [
        "/../etc/passwd", "/assets/../../etc/passwd", "/assets/%2e%2e/%2e%2e/etc/passwd",
        "/assets/..%2f..%2fetc%2fpasswd", "/assets/%00", "/assets/a%0d%0aX:y", "//login",
        "/./login",
        "/login/..", "/login//", "/%zz", "/%ff", "/login%2f", "/super-admin/x%5c..",
    ])
    func `a path leads nowhere else`(_ path: String) throws {
        let server = try DashboardServer()
        let answer = try server.askWithToken(path)
        #expect(answer.status == 404)
        #expect(!answer.body.contains("root:"))
    }

    @Test func `a slash at the end makes no difference`() throws {
        let server = try DashboardServer()
        #expect(try server.ask("/login/").status == 200)
    }
}
