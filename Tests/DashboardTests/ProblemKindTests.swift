import HTTPTypes
import JSON
import SystemCalls
import TestSupport
import Testing

@testable import Dashboard

@Suite("Kinds of problems")
struct ProblemKindTests {
    /// The sections of `docs/dashboard.md` that explain them: anchor, and the first words.
    private static func sections() throws -> [(anchor: String, text: Substring)] {
        let bytes = try FileSystem.read(Repository.path("docs/dashboard.md"))
        let text = String(decoding: bytes, as: UTF8.self)
        let start = try #require(text.firstRange(of: "\n## Problems\n"))
        return text[start.upperBound...].split(separator: "\n### ").dropFirst().compactMap { part in
            part.firstIndex(of: "\n").map { end in
                let anchor = part[..<end].lowercased().replacing(" ", with: "-")
                return (anchor, part[end...].drop { $0 == "\n" })
            }
        }
    }

    @Test func `each is explained, and nothing else is`() throws {
        let anchors = try Self.sections().map(\.anchor)
        #expect(Set(anchors).count == anchors.count)
        #expect(Set(anchors) == Set(Problem.Kind.allCases.map(\.rawValue)))
    }

    @Test func `each is explained with its status`() throws {
        for (anchor, text) in try Self.sections() {
            let kind = try #require(Problem.Kind(rawValue: anchor))
            #expect(text.hasPrefix("\(kind.status.code): "), "\(anchor)")
        }
    }

    @Test(arguments: Problem.Kind.allCases)
    func `each names the section that explains it`(kind: Problem.Kind) {
        let json = Problem(kind, "why").json(instance: "/x").line
        #expect(json.contains("\"type\":\"docs/dashboard.md#\(kind.rawValue)\""), "\(json)")
        #expect(json.contains("\"status\":\(kind.status.code),"), "\(json)")
    }
}
