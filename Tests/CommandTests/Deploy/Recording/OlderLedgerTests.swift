import SQLite
import SystemCalls
import TestSupport
import Testing

/// A ledger of an earlier version, and the first deployment of this one.
@Suite struct OlderLedgerTests {
    /// A ledger as the first migrations leave it, in which a deployment has a number.
    private func fixture(schema: Int, number: Int) throws -> Fixture {
        let fixture = try Fixture()
        try fixture.makeFolder("state")
        let connection = try Connection(
            path: fixture.ledger, mode: .create, busyTimeoutMilliseconds: 5000)
        let folder = Repository.path("migrations")
        for (index, name) in try FileSystem.entries(of: folder).sorted().prefix(schema).enumerated()
        {
            try connection.execute(
                String(decoding: FileSystem.read("\(folder)/\(name)"), as: UTF8.self))
            guard index == 0 else { continue }
            try connection.execute(
                """
                INSERT INTO ledger (one, id, created_at_us) VALUES (1, randomblob(32), 1);
                INSERT INTO deployment (n, id, number, lock, last_seq)
                VALUES (1, '0192a000-0000-7000-8000-000000000001', \(number), '\(fixture.lock)', 0);
                """)
        }
        try connection.execute(
            "PRAGMA application_id = 0x44504C47; PRAGMA user_version = \(schema)")
        return fixture
    }

    @Test(arguments: 1...4) func `after an upgrade and a restart numbers go on from the ledger`(
        schema: Int
    ) throws {
        let fixture = try fixture(schema: schema, number: 41)
        let before = try fixture.stats("deployments")
        #expect(before.code == 1)
        #expect(before.errors.contains("has schema \(schema), this program needs 5"))
        // Nothing is left of lock and counter.
        let result = try fixture.run(["true"])
        #expect(result.code == 0)
        #expect(result.errors.hasPrefix("deploy-with-lock: #42 succeeded: "), "\(result.errors)")
        #expect(try fixture.outcomes() == ["41 in flight", "42 succeeded"])
    }
}
