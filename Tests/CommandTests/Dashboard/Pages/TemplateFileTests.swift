import SystemCalls
import TestSupport
import Testing

@Suite("Templates of the pages")
struct TemplateFileTests {
    private static let folder = Repository.path("Sources/Dashboard/Templates")
    private static let names = ((try? FileSystem.entries(of: folder)) ?? [])
        .filter { $0.hasSuffix(".mustache") }

    @Test("there are some")
    func some() { #expect(Self.names.count > 15) }

    @Test("each says first how its values are escaped", arguments: names)
    func content(name: String) throws {
        let bytes = try FileSystem.read("\(Self.folder)/\(name)")
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first
        #expect(line == "{{% CONTENT_TYPE:HTML }}")
    }
}
