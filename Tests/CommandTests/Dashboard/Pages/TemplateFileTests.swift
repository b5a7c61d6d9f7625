import SystemCalls
import TestSupport
import Testing

@Suite("Templates of the pages")
struct TemplateFileTests {
    private static let folder = Repository.path("Sources/Dashboard/Templates")
    private static let names = ((try? FileSystem.entries(of: folder)) ?? [])
        .filter { $0.hasSuffix(".mustache") }

    @Test
    func `there are some`() { #expect(Self.names.count > 15) }

    @Test(arguments: names)
    func `each says first how its values are escaped`(name: String) throws {
        let bytes = try FileSystem.read("\(Self.folder)/\(name)")
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first
        #expect(line == "{{% CONTENT_TYPE:HTML }}")
    }
}
