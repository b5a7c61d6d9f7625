import Foundation
import PackagePlugin

/// Embeds the package's SQL files and templates in the target that uses them, so that a binary needs
/// no file beside it while people still read, edit and run plain files.
@main
struct EmbedFiles: BuildToolPlugin {
    /// Which files each target embeds: the name of the generated enum, the folder, and how the names
    /// of the files end.
    static let folders: [String: [(name: String, path: String, ending: String)]] = [
        "Ledger": [
            ("EmbeddedMigrations", "migrations", "sql"),
            ("EmbeddedStatements", "Sources/Ledger/Statements", "sql"),
        ],
        "Queries": [
            ("EmbeddedReports", "reports", "sql"),
            ("EmbeddedInternalReports", "reports/internal", "sql"),
        ],
        "StatsCommands": [("EmbeddedConfigurations", "examples", "conf")],
        "Reporting": [("EmbeddedTemplates", "reports/templates", "mustache")],
        "Dashboard": [
            ("EmbeddedPages", "Sources/Dashboard/Templates", "mustache"),
            ("EmbeddedStyles", "Sources/Dashboard/Assets", "css"),
            ("EmbeddedScripts", "Sources/Dashboard/Assets", "js"),
            ("EmbeddedDocuments", "Sources/Dashboard/API/Document", "json"),
        ],
    ]

    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let tool = try context.tool(named: "embed-files")
        return try (Self.folders[target.name] ?? []).map { folder in
            let directory = context.package.directoryURL.appending(path: folder.path)
            let files = try FileManager.default
                .contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
                .filter { $0.pathExtension == folder.ending }
                .sorted { $0.lastPathComponent < $1.lastPathComponent }
            let output = context.pluginWorkDirectoryURL.appending(path: "\(folder.name).swift")
            return .buildCommand(
                displayName: "Embedding \(folder.path)/*.\(folder.ending)",
                executable: tool.url,
                arguments: [output.path(), folder.name] + files.map { $0.path() },
                inputFiles: files,
                outputFiles: [output])
        }
    }
}
