import Glibc
import SystemCalls
import TestSupport

/// The user nobody, or one that no file knows, with a tool of ours in a place that every user can
/// reach: the build directory may be below one that is closed to others, such as `/root`.
final class OtherUser {
    /// The user's number; `DEPLOY_LEDGER_OTHER_UID` says another one than nobody's.
    static let uid = Environment.value("DEPLOY_LEDGER_OTHER_UID").flatMap { uid_t($0) } ?? 65534
    /// What the user is called; the number where no file knows another name.
    static let name = uid == 65534 ? "nobody" : String(uid)
    /// What stands before a command to have it run as that user.
    static let prefix = ["setpriv", "--reuid=\(uid)", "--regid=\(uid)", "--clear-groups", "env"]

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
