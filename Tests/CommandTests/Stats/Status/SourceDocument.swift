import FoundationEssentials
import TestSupport
import Testing

/// The document of `deploystats status --format deployment-status`.
struct SourceDocument: Decodable {
    struct Holder: Decodable {
        let pid: Int32?
        let user: String?
        let started: String?
        let durationSeconds: Int?
        let command: String?
    }

    struct Lock: Decodable {
        let status: String
        let holder: Holder?
    }

    struct Run: Decodable {
        let id: Int
        let status: String
        let started: String?
        let created: String?
    }

    struct Queue: Decodable {
        let length: Int
        let runs: [Run]
    }

    struct Deployment: Decodable {
        let sha: String?
        let status: String
        let tier: String?
        let durationSeconds: Int
        let completed: String
    }

    struct Health: Decodable {
        let status: String
        let checkedAt: String
    }

    let lock: Lock
    let queue: Queue
    let lastDeployment: Deployment?
    let health: Health?

    /// Reads a document that its schema describes to the last member.
    init(_ text: String, in fixture: Fixture) throws {
        fixture.write("document.json", text)
        try JSONSchemaCheck.validate(
            [fixture.directory.file("document.json")], "deployment-status")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Self.self, from: Data(text.utf8))
    }
}

extension Fixture {
    /// What `deploystats status --format deployment-status` prints.
    func document() throws -> SourceDocument {
        let result = try stats("status", "--format", "deployment-status")
        #expect(result.code == 0, "\(result.errors)")
        return try SourceDocument(result.output, in: self)
    }
}
