import Glibc
package import SystemCalls

/// A fresh directory for one test, removed with all that is in it when the value goes away.
package final class TemporaryDirectory: Sendable {
    /// Its absolute path.
    package let path: String

    /// Creates one below `parent`; `TMPDIR` or `/tmp` unless given.
    package init(in parent: String? = nil) throws(SystemError) {
        let base = parent ?? getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/deploy-ledger-test-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw SystemError("mkdtemp", base) }
        path = String(cString: made)
    }

    deinit {
        Self.remove(path)
    }

    /// The path of a name inside.
    package func file(_ name: String) -> String { path + "/" + name }

    private static func remove(_ path: String) {
        if (try? FileSystem.status(path, followingLinks: false).isDirectory) == true {
            chmod(path, 0o700)
            for name in (try? FileSystem.entries(of: path)) ?? [] { remove(path + "/" + name) }
            rmdir(path)
        } else {
            _ = Glibc.unlink(path)
        }
    }
}
