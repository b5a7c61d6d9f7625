import SystemCalls
import TestSupport

/// The SQL files of `reports/` of the package these tests were built from.
enum ReportFiles {
    static let package = Repository.root

    /// All of them, for people and internal, in the order of their names.
    static func all() throws -> [(name: String, path: String)] {
        try ["reports", "reports/internal"].flatMap { folder in
            try FileSystem.entries(of: "\(package)/\(folder)").filter { $0.hasSuffix(".sql") }
                .map { (String($0.dropLast(4)), "\(package)/\(folder)/\($0)") }
        }
        .sorted { $0.name < $1.name }
    }

    struct Missing: Error { let name: String }

    static func path(of name: String) throws -> String {
        guard let file = try all().first(where: { $0.name == name }) else {
            throw Missing(name: name)
        }
        return file.path
    }
}
