import TestSupport
import Testing

/// The Python package that validates.
enum JSONSchemaCheck {
    /// The Debian package `python3-jsonschema`; scripts/test installs it.
    static let isPossible =
        (try? ChildProcess.run(["python3", "-c", "import jsonschema"]))?.code == 0

    /// Where the schemas are.
    static let schemas = Repository.path("docs/schema/")

    /// Expects that documents are what a schema describes, with no member that it does not name.
    static func validate(_ files: [String], _ schema: String) throws {
        let result = try ChildProcess.run(
            ["python3", Repository.path("Tests/validate-json"), schemas + schema + ".json"]
                + files)
        #expect(result.code == 0, "\(schema): \(result.output)\(result.errors)")
    }
}
