import CommandSupport
import Testing

@Suite struct ConfigurationTests {
    @Test func readsKeysAndValues() throws {
        let configuration = try Configuration(
            parsing: """
                # comment
                A_OF_THE_FILE=1

                  B_OF_THE_FILE = "two words"
                C_OF_THE_FILE='it''s = fine'
                D_OF_THE_FILE=
                """, path: "conf")
        #expect(configuration.value("A_OF_THE_FILE") == "1")
        #expect(configuration.value("B_OF_THE_FILE") == "two words")
        #expect(configuration.value("C_OF_THE_FILE") == "it''s = fine")
        #expect(configuration.value("D_OF_THE_FILE") == nil)
        #expect(configuration.value("E_OF_THE_FILE") == nil)
    }

    @Test(arguments: ["no equals sign", "=value", "two words=value"])
    func namesTheLineThatIsWrong(_ line: String) {
        #expect(throws: Configuration.Problem.self) {
            try Configuration(parsing: "A=1\n\(line)\n", path: "conf")
        }
        do {
            _ = try Configuration(parsing: "A=1\n\(line)\n", path: "conf")
        } catch {
            #expect(error.description.hasPrefix("conf, line 2: expected KEY=value"))
        }
    }
}
