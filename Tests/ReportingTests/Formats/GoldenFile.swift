import Glibc
import Ledger
import SQLite
import SystemCalls
import TestSupport
import Testing

/// A whole output that is compared with a file in `Golden/`; `GOLDEN=write` in the environment writes
/// it again, and then the difference is for people to read.
struct GoldenFile {
    private static let folder = Repository.path("Tests/ReportingTests/Golden")

    private let name: String

    init(_ name: String) { self.name = name }

    /// Compares with the file, in which ids, different every time, are `deployment N`.
    func compare(_ text: String, _ ledger: LedgerFixture) throws {
        var text = text
        let ids = try ledger.reader().connection.prepare("SELECT id FROM deployment ORDER BY n")
            .rows().compactMap(\.first?.text)
        for (index, id) in ids.enumerated() {
            text = text.split(separator: id, omittingEmptySubsequences: false)
                .joined(separator: "deployment \(index + 1)")
        }
        let path = "\(Self.folder)/\(name)"
        if Environment.value("GOLDEN") == "write" {
            try FileReplacement.write(Array(text.utf8), to: path)
        }
        let golden = String(decoding: try FileSystem.read(path), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let wanted = golden.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, pair) in zip(lines, wanted).enumerated() where pair.0 != pair.1 {
            Issue.record("\(name), line \(index + 1): \(pair.0)\nwanted: \(pair.1)")
            return
        }
        #expect(text == golden, "\(name) has \(lines.count) lines, wanted \(wanted.count)")
    }
}
