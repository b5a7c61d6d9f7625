import DeployLock
import Ledger
import Logging
import Queries
import Status
import TestSupport
import Testing

@testable import Dashboard

@Suite("The OpenAPI document")
struct OpenAPITests {
    private static func routes() throws -> [Route] {
        let directory = try TemporaryDirectory()
        let source = StatusSource(
            LedgerSettings(path: directory.file("ledger.db")),
            locks: [LockPaths(lockFile: directory.file("deploy.lock"))])
        let options = DashboardOptions(
            source, zone: .utc, tokenFile: directory.file("tokens"))
        return Site(options, Logger(label: "test")).routes
    }

    /// The paths of the document in the order of their lines: each is a key four blanks deep.
    private static let documented: [String] = DocumentRoutes.text(below: "")
        .split(separator: "\n").compactMap { line in
            guard line.hasPrefix("    \"/"), line.hasSuffix("\": {") else { return nil }
            return String(line.dropFirst(5).dropLast(4))
        }

    /// Whether an address is there for people's eyes.
    private static func isPage(_ route: Route) -> Bool {
        ["/", "/favicon.ico"].contains(route.path)
            || ["/super-admin/", "/assets/"].contains { route.path.hasPrefix($0) }
    }

    @Test func `describes every address that is there for programs, and no other`() throws {
        let offered = try Self.routes().filter { !Self.isPage($0) }.map(\.path)
        #expect(Set(offered).count == offered.count)
        #expect(Set(Self.documented) == Set(offered))
        #expect(Self.documented.count > 10)
    }

    @Test func `names the place that it is served at`() {
        #expect(DocumentRoutes.text(below: "/deploys").contains("\"url\": \"/deploys\""))
        #expect(DocumentRoutes.text(below: "").contains("\"url\": \"/\""))
    }
}
