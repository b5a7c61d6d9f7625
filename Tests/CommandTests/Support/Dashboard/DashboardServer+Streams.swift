import SystemCalls
import TestSupport
import Testing

extension DashboardServer {
    /// Asks for a stream with the token; what comes of it is read from the connection.
    func stream(_ path: String, _ fields: [String] = []) throws -> (RawConnection, RawAnswer) {
        let connection = try connect()
        let lines =
            [
                "GET \(path) HTTP/1.1", "Host: localhost", "Authorization: Bearer \(token)",
                "Accept: text/event-stream",
            ] + fields
        connection.send((lines + ["", ""]).joined(separator: "\r\n"))
        return (connection, try connection.answer(hasBody: false))
    }

    /// The number of a sample of `/metrics` that has no labels but that of the ledger.
    func figure(_ name: String) throws -> Int? {
        let answer = try askWithToken("/metrics")
        #expect(answer.status == 200, "\(answer.body)")
        return answer.body.split(separator: "\n").first { $0.hasPrefix(name + "{") }
            .flatMap { $0.split(separator: " ").last }.flatMap { Int($0) }
    }

    /// Ends the server as systemd does and waits for it.
    func stop() throws -> ChildProcess.Result {
        child.kill(15)
        return try child.finish()
    }
}

extension Fixture {
    /// Fills the ledger with thousands of events.
    func fill(deployments: Int) throws {
        let result = try ChildProcess.run(
            [
                "sh", "-c",
                "python3 \"$0\" --deployments \"$1\" | \"$2\" import --events - --ledger \"$3\"",
                Repository.path("scripts/make-events"), String(deployments),
                BuiltTool.path("deploystats"), ledger,
            ], environment: environment())
        try #require(result.code == 0, "\(result.errors)")
    }
}

extension String {
    /// The ids of the events in a stream, in the order they came.
    var eventIDs: [String] {
        split(whereSeparator: \.isNewline).filter { $0.hasPrefix("id: ") }.map {
            String($0.dropFirst(4))
        }
    }

    /// The same of the events that are the ledger's: those without a name of their own.
    var ledgerEventIDs: [String] {
        let lines = split(whereSeparator: \.isNewline)
        return lines.indices.dropLast().filter {
            lines[$0].hasPrefix("id: ") && lines[$0 + 1].hasPrefix("data: ")
        }.map { String(lines[$0].dropFirst(4)) }
    }
}
