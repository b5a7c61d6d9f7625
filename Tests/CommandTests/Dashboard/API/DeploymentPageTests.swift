import SystemCalls
import TestSupport
import Testing

@Suite("Deployments through the API")
struct DeploymentPageTests {
    /// The numbers in an answer, in their order.
    private func numbers(_ body: String) -> [Int] {
        body.split(separator: "\n").filter { $0.hasPrefix("      \"number\": ") }
            .compactMap { Int($0.dropFirst("      \"number\": ".count).filter(\.isNumber)) }
    }

    /// The address behind `rel="next"`.
    private func next(_ answer: RawAnswer) -> String? {
        guard let link = answer["Link"], link.hasSuffix(">; rel=\"next\""), link.first == "<"
        else { return nil }
        return String(link.dropFirst().prefix { $0 != ">" })
    }

    @Test func `page after page has each once, whatever is added meanwhile`() throws {
        let fixture = try Fixture()
        for _ in 1...7 { #expect(try fixture.run(["true"]).code == 0) }
        let server = try DashboardServer([], fixture)
        var found: [Int] = []
        var path: String? = "/api/admin/deployments?limit=3&outcome=succeeded"
        while let asked = path {
            let answer = try server.askWithToken(asked)
            #expect(answer.status == 200, "\(answer.body)")
            found += numbers(answer.body)
            path = next(answer)
            #expect(answer.body.contains("\"next\": null") == (path == nil))
            if found.count == 3 { #expect(try fixture.run(["true"]).code == 0) }
        }
        #expect(found == [7, 6, 5, 4, 3, 2, 1])
    }

    @Test func `a client that has an answer is told so until something changes`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let server = try DashboardServer([], fixture)
        let path = "/api/admin/deployments"
        let tag = try #require(try server.askWithToken(path)["ETag"])
        #expect(tag.hasPrefix("W/\""))
        let token = "Authorization: Bearer \(server.token)"
        for value in [tag, String(tag.dropFirst(2)), "*", "\"x\", \(tag)"] {
            let answer = try server.ask(path, [token, "If-None-Match: \(value)"])
            #expect(answer.status == 304, "\(value)")
            #expect(answer["ETag"] == tag)
            #expect(answer.body.isEmpty)
        }
        // Another representation at the same address.
        let csv = try server.ask(
            path, [token, "If-None-Match: \(tag)", "Accept: text/csv"])
        #expect(csv.status == 200)
        #expect(csv["Content-Type"]?.hasPrefix("text/csv") == true)
        #expect(csv.body.hasPrefix("number,id,lock,outcome,"))
        #expect(try fixture.run(["true"]).code == 0)
        let later = try server.ask(path, [token, "If-None-Match: \(tag)"])
        #expect(later.status == 200)
        #expect(numbers(later.body) == [2, 1])
    }

    @Test func `what cannot be meant is refused and what was meant is asked`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let server = try DashboardServer([], fixture)
        for (query, words) in [
            ("tire=docker", "did you mean 'tier'?"), ("limit=0", "from 1 to 200"),
            ("limit=201", "from 1 to 200"), ("limit=x", "from 1 to 200"),
            ("outcome=success", "did you mean 'succeeded'?"), ("tier=", "a filter is empty"),
            ("cursor=x", "the cursor"),
            ("cursor=01a224a3-5910-754b-ab06-bfad68bf84f9", "the cursor"),
            ("since=never", "never"), ("tz=Mars/Base", "Mars/Base"), ("format=xml", "json or csv"),
            ("tier=%ff", "UTF-8"), ("tier=%0", "UTF-8"), ("limit=1&limit=2", "given twice"),
        ] {
            let answer = try server.askWithToken("/api/admin/deployments?\(query)")
            #expect(answer.status == 400, "\(query) \(answer.body)")
            #expect(answer.body.contains(words), "\(query): \(answer.body)")
        }
    }

    @Test func `filters are those of the command line`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["--tier", "docker", "true"]).code == 0)
        #expect(try fixture.run(["--tier", "lightning", "sh", "-c", "exit 3"]).code == 3)
        #expect(try fixture.run(["--tier", "docker", "--sha", "abc1234", "true"]).code == 0)
        let server = try DashboardServer([], fixture)
        for (query, numbers) in [
            ("tier=docker", [3, 1]), ("tier=docker&tier=lightning", [3, 2, 1]),
            ("outcome=failed", [2]), ("sha=ABC", [3]), ("tier=none", []),
            ("lock=\(fixture.lock)", [3, 2, 1]), ("until=2020-01-01", []),
        ] {
            let answer = try server.askWithToken("/api/admin/deployments?\(query)")
            #expect(self.numbers(answer.body) == numbers, "\(query) \(answer.body)")
        }
        let none = try server.askWithToken("/api/admin/deployments?tier=none")
        #expect(none.body.contains("the ledger has no deployment of tier 'none'"))
    }

    @Test func `names that look alike are not the same`() throws {
        let fixture = try Fixture()
        // One letter, and a letter with a mark.
        #expect(try fixture.run(["--actor", "\u{e9}va", "true"]).code == 0)
        #expect(try fixture.run(["--actor", "e\u{301}va", "true"]).code == 0)
        let server = try DashboardServer([], fixture)
        for (name, number) in [("%C3%A9va", 1), ("e%CC%81va", 2)] {
            let answer = try server.askWithToken("/api/admin/deployments?actor=\(name)")
            #expect(numbers(answer.body) == [number], "\(name) \(answer.body)")
            let (stream, _) = try server.stream("/api/admin/events?after=0&actor=\(name)")
            let text = try stream.read { $0.contains("\"kind\":\"released\"") }
            #expect(text.contains("\"number\":\(number),"), "\(text)")
        }
    }

    @Test func `one is found by its number, and an unknown one is not`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        let server = try DashboardServer([], fixture)
        let answer = try server.askWithToken("/api/admin/deployments/1")
        let printed = try fixture.stats(["show", "1", "--format", "json"])
        #expect(answer.status == 200)
        #expect(answer.body == printed.output)
        #expect(try server.askWithToken("/api/admin/deployments/2").status == 404)
        #expect(try server.askWithToken("/api/admin/deployments/1?lock=/none").status == 404)
    }
}
