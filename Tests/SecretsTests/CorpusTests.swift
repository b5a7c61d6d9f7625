import Secrets
import Testing

@Suite struct CorpusTests {
    @Test func `the corpus is large enough to prove something`() throws {
        #expect(try Corpus("masked.txt").lines.count >= 300)
        #expect(try Corpus("masked.txt").lines.allSatisfy { $0.masked != $0.text })
        #expect(try Corpus("readable.txt").lines.count >= 150)
        #expect(try Corpus("readable.txt").lines.allSatisfy { $0.masked == $0.text })
    }

    @Test(arguments: try ["masked.txt", "readable.txt"].flatMap { try Corpus($0).lines })
    func `secrets are hidden and nothing else`(line: Corpus.Line) throws {
        #expect(Masking.mask(line.text) == line.masked)
        #expect(Masking.mask(line.masked) == line.masked)
        if !line.text.contains("'") {
            #expect(Masking.mask("ssh h '\(line.text)'") == "ssh h '\(line.masked)'")
            #expect(
                Masking.mask(arguments: ["ssh", "h", line.text]) == ["ssh", "h", line.masked])
        }
        if let arguments = line.arguments(line.text) {
            #expect(Masking.mask(arguments: arguments) == line.arguments(line.masked))
        }
    }
}
