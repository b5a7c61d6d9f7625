import SystemCalls
import TestSupport
import Testing

/// HTTPS, also with a certificate that is renewed.
@Suite struct CertificateTests {
    /// Makes a certificate for `localhost` whose subject is told apart by that name.
    private func make(_ name: String, _ fixture: Fixture) throws {
        let result = try ChildProcess.run([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-days", "1", "-subj", "/CN=\(name)", "-addext",
            "subjectAltName=DNS:localhost", "-keyout", fixture.directory.file("\(name).key"),
            "-out", fixture.directory.file("\(name).pem"),
        ])
        #expect(result.code == 0, "\(result.errors)")
    }

    private func install(_ name: String, _ fixture: Fixture) throws {
        for kind in ["key", "pem"] {
            try FileSystem.rename(
                fixture.directory.file("\(name).\(kind)"),
                to: fixture.directory.file("live.\(kind)"))
        }
    }

    private func server(_ fixture: Fixture) throws -> DashboardServer {
        try DashboardServer(
            [
                "--tls-cert", fixture.directory.file("live.pem"), "--tls-key",
                fixture.directory.file("live.key"),
            ], fixture)
    }

    /// The subject of the certificate that a server shows.
    private func subject(_ server: DashboardServer, _ options: [String] = []) throws -> String {
        let result = try ChildProcess.run(
            [
                "openssl", "s_client", "-connect", "127.0.0.1:\(server.port)", "-servername",
                "localhost",
            ]
                + options)
        return result.output.split(separator: "\n").first { $0.hasPrefix("subject=") }
            .map(String.init) ?? ""
    }

    private func curl(_ server: DashboardServer, _ arguments: [String]) throws -> String {
        let result = try ChildProcess.run(
            ["curl", "-sik", "https://localhost:\(server.port)/login"] + arguments)
        return result.output
    }

    @Test func `a browser is served, its cookie is for HTTPS alone`() throws {
        let fixture = try Fixture()
        try make("one", fixture)
        try install("one", fixture)
        let server = try server(fixture)
        #expect(try curl(server, []).hasPrefix("HTTP/1.1 200"))
        let answer = try curl(
            server,
            ["-H", "Origin: https://localhost:\(server.port)", "-d", "token=\(server.token)"])
        #expect(answer.hasPrefix("HTTP/1.1 303"))
        #expect(answer.contains("; Secure\r\n"))
        // An old protocol is refused, and plain HTTP is no answer.
        #expect(try subject(server, ["-tls1_1"]) == "")
        #expect(try subject(server, ["-tls1_2"]).contains("one"))
        let plain = try server.connect()
        plain.send("GET /login HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(try !plain.rest().contains("HTTP/1.1"))
        // Somebody who never says hello keeps nobody waiting.
        let silent = try server.connect()
        silent.send("\u{16}")
        #expect(try curl(server, []).hasPrefix("HTTP/1.1 200"))
    }

    @Test func `a renewed certificate is shown without a restart`() throws {
        let fixture = try Fixture()
        for name in ["one", "two", "three"] { try make(name, fixture) }
        try install("one", fixture)
        let server = try server(fixture)
        #expect(try subject(server).contains("one"))
        try install("two", fixture)
        #expect(try subject(server).contains("two"))
        // In the middle of a renewal the key is not the certificate's.
        try FileSystem.rename(
            fixture.directory.file("three.pem"), to: fixture.directory.file("live.pem"))
        #expect(try subject(server).contains("two"))
        #expect(eventually { server.child.errors.contains("keeping the old certificate") })
        try FileSystem.rename(
            fixture.directory.file("three.key"), to: fixture.directory.file("live.key"))
        #expect(try subject(server).contains("three"))
        #expect(server.child.errors.ranges(of: "the certificate was renewed").count == 2)
    }

    @Test func `files that are no certificate are said in one line`() throws {
        let fixture = try Fixture()
        _ = try fixture.addToken("test")
        try make("one", fixture)
        try make("two", fixture)
        fixture.write("nonsense", "x")
        for (certificate, key, words) in [
            ("one.pem", "two.key", "are not a certificate and its key in PEM"),
            ("nonsense", "one.key", "are not a certificate and its key in PEM"),
            ("one.pem", "nonsense", "are not a certificate and its key in PEM"),
            ("missing", "one.key", "No such file or directory"),
        ] {
            let result = try fixture.dashboard(
                fixture.tokenFileOption + [
                    "--port", "0", "--tls-cert", fixture.directory.file(certificate), "--tls-key",
                    fixture.directory.file(key),
                ])
            #expect(result.code == 1, "\(certificate) \(key)")
            #expect(result.errors.contains(words), "\(result.errors)")
            #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        }
    }
}
