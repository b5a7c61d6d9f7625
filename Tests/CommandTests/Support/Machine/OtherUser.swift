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

    /// The tool that every user can run, the first of several.
    let tool: String
    /// Where they are.
    var folder: String { directory.path }
    private let directory: TemporaryDirectory

    convenience init(tool name: String) throws { try self.init(tools: [name]) }

    init(tools names: [String]) throws {
        directory = try TemporaryDirectory()
        chmod(directory.path, 0o755)
        tool = directory.file(names[0])
        let originals = names.map(BuiltTool.path)
        // Swift's libraries go beside it, where it looks for them, too; the system's stay.
        let libraries = try ChildProcess.run(["ldd"] + originals).output
            .split(separator: "\n")
            // For several files it prints their names, too, with a colon.
            .filter { !$0.hasSuffix(":") }
            .compactMap { $0.split(separator: " ").first { $0.hasPrefix("/") }.map(String.init) }
            .filter { $0.contains("/swift/") || $0.hasPrefix(Path.parent(of: originals[0])) }
        let copied = try ChildProcess.run(
            ["install", "-m", "755"] + originals + Set(libraries) + [directory.path])
        guard copied.code == 0 else { throw Failed(errors: copied.errors) }
    }

    struct Failed: Error, CustomStringConvertible {
        let errors: String
        var description: String { "the tool could not be copied: \(errors)" }
    }
}
