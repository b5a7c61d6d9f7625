import Glibc
package import SystemCalls
import Wording

/// The file with the tokens of everybody who is let in, one per line.
package struct TokenFile: Sendable {
    /// Where it is.
    package let path: String

    /// The file at a path, which need not exist.
    package init(path: String) {
        self.path = path
    }

    /// Where it is unless somebody says otherwise: in `/etc` for root, else in the user's own
    /// configuration; nil where nothing tells whose that is.
    package static func defaultPath(
        variable: (String) -> String? = Environment.value
    ) -> String? {
        if User.effectiveID == 0 { return "/etc/deploy-dashboard/tokens" }
        // Paths that are not absolute are to be passed over, XDG Base Directory Specification.
        func absolute(_ name: String) -> String? {
            variable(name).flatMap { $0.first == "/" ? $0 : nil }
        }
        let folder = absolute("XDG_CONFIG_HOME") ?? absolute("HOME").map { $0 + "/.config" }
        return folder.map { $0 + "/deploy-dashboard/tokens" }
    }

    /// Why its tokens cannot be used.
    package enum Problem: Error, Hashable, Sendable, CustomStringConvertible {
        /// It is not there.
        case missing(path: String)
        /// Others may read it.
        case open(path: String, mode: UInt32)
        /// It is neither ours nor root's.
        case foreign(path: String, uid: UInt32)
        case unreadable(SystemError)
        /// A line is no token; counted from 1.
        case line(Int, path: String)
        /// A name comes twice; which of the tokens is meant would be a matter of luck.
        case twice(String, path: String)

        /// What is wrong, and what to do.
        package var description: String {
            switch self {
            case .missing(let path):
                "there is no token file \(path): create a token with 'deploy-dashboard token NAME'"
            case .open(let path, let mode):
                "\(path) can be read by others (mode \(String(mode, radix: 8))): "
                    + "run chmod 600 \(ShellText.quoted([path]))"
            case .foreign(let path, let uid):
                "\(path) belongs to the user with id \(uid), neither to this user nor to root"
            case .unreadable(let error):
                "cannot read the token file: \(error)"
            case .line(let number, let path):
                "line \(number) of \(path) must be NAME sha256:HASH [EXPIRES]"
            case .twice(let name, let path):
                "\(path) has two tokens named '\(name)': rename or remove one of them"
            }
        }
    }

    /// The tokens in it, the expired ones, too.
    package func read() throws(Problem) -> [AccessToken] {
        var tokens: [AccessToken] = []
        for (index, line) in try text().split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated() where !line.isEmpty && line.first != "#"
        {
            guard let token = AccessToken(line: line) else { throw .line(index + 1, path: path) }
            if tokens.contains(where: { $0.name == token.name }) {
                throw .twice(token.name, path: path)
            }
            tokens.append(token)
        }
        return tokens
    }

    private func text() throws(Problem) -> String {
        do {
            let (bytes, status) = try FileSystem.readUntrusted(path)
            guard status.permissions & 0o077 == 0 else {
                throw Problem.open(path: path, mode: status.permissions)
            }
            guard [0, User.effectiveID].contains(status.uid) else {
                throw Problem.foreign(path: path, uid: status.uid)
            }
            return String(decoding: bytes, as: UTF8.self)
        } catch let error as SystemError {
            throw error.code == ENOENT ? .missing(path: path) : .unreadable(error)
        } catch let problem as Problem {
            throw problem
        } catch {
            preconditionFailure("nothing else is thrown")
        }
    }

    /// What tells one content of the file from another; nil when it is not there.
    var version: FileStatus? { try? FileSystem.status(path, followingLinks: false) }

    /// Writes these tokens; nobody but the owner can read them at any moment.
    ///
    /// A file that is there keeps its owner, a missing folder is made.
    package func write(_ tokens: [AccessToken]) throws(SystemError) {
        let text =
            "# Who may read the dashboard: name, SHA-256 of the token, when it expires.\n"
            + tokens.map { $0.line + "\n" }.joined()
        let status = try? FileSystem.status(path)
        try FileReplacement.write(
            Array(text.utf8), to: path,
            FileAccess(mode: 0o600, owner: status?.uid, group: status?.gid))
    }

    /// Changes what is in it while nobody else does; a missing file has no tokens.
    package func change<Result>(
        _ body: (inout [AccessToken]) throws -> Result
    ) throws -> Result {
        let folder = Path.parent(of: path)
        try FileSystem.makeDirectories(folder, mode: 0o755)
        let lock = try FileDescriptor.open(folder, O_RDONLY | O_DIRECTORY)
        try lock.lock(.exclusive)
        var tokens: [AccessToken] = []
        do { tokens = try read() } catch .missing {}
        let result = try body(&tokens)
        try write(tokens)
        return result
    }
}
