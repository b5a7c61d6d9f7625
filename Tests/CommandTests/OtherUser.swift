import Glibc
import SystemCalls
import TestSupport

/// The user nobody, with a tool of ours in a place that every user can reach: the build directory
/// may be below one that is closed to others, such as `/root`.
final class OtherUser {
    /// What stands before a command to have it run as nobody.
    static let prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env"]

    /// The tool that every user can run.
    let tool: String
    private let directory: TemporaryDirectory

    init(tool name: String) throws {
        directory = try TemporaryDirectory()
        chmod(directory.path, 0o755)
        tool = directory.file(name)
        let original = BuiltTool.path(name)
        // Swift's libraries go beside it, where it looks for them, too; the system's stay.
        let libraries = try ChildProcess.run(["ldd", original]).output
            .split(separator: "\n")
            .compactMap { $0.split(separator: " ").first { $0.hasPrefix("/") }.map(String.init) }
            .filter { $0.contains("/swift/") || $0.hasPrefix(Path.parent(of: original)) }
        let copied = try ChildProcess.run(
            ["install", "-m", "755", original] + libraries + [directory.path])
        guard copied.code == 0 else { throw Failed(errors: copied.errors) }
    }

    struct Failed: Error, CustomStringConvertible {
        let errors: String
        var description: String { "the tool could not be copied: \(errors)" }
    }
}
