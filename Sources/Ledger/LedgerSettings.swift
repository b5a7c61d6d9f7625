import SystemCalls

/// Where a ledger is and how long writing to it may take.
package struct LedgerSettings: Hashable, Sendable {
    /// The database file.
    package var path: String
    /// The longest a deployment may be held up, in milliseconds.
    package var budgetMilliseconds: Int
    /// Where events go that cannot reach the ledger, in the order they are tried.
    package var spoolRoots: [String]

    /// Whether it lies where anybody may have made its directory first.
    var isFallback: Bool

    /// Settings for the ledger at `path`; spool roots follow from it unless given.
    ///
    /// - Parameter variable: looks up an environment variable.
    package init(
        path: String, budgetMilliseconds: Int = 500, spoolRoots: [String]? = nil,
        variable: (String) -> String? = Environment.value
    ) {
        // A link that somebody put in the place of the directory must not be followed.
        let resolved = Self.isFallback(path) ? path : Path.resolved(path)
        self.path = resolved
        isFallback = Self.isFallback(resolved)
        self.budgetMilliseconds = budgetMilliseconds
        self.spoolRoots = spoolRoots ?? Self.spoolRoots(for: resolved, variable)
    }

    /// The ledger of the machine: the one that root means.
    package static let machinePath = "/var/lib/deploy-ledger/ledger.db"

    /// Why nothing of that name can ever be a ledger; nil when it may be one, now or later.
    package static func refusal(of path: String) -> String? {
        if path.isEmpty { return "the path of the ledger is empty" }
        if let status = try? FileSystem.status(path) {
            let link = try? FileSystem.status(path, followingLinks: false)
            let isLink = link?.isSymbolicLink == true
            // What else has the name by mistake or malice keeps no deployment from running.
            if status.isDevice || isLink && !status.isRegularFile && !status.isDirectory {
                return "\(path) is \(status.kind) and cannot keep a ledger"
            }
        }
        // `/dev/stdout` is a file of somebody else's when output goes to one.
        let roots = ["/dev/", "/proc/", "/sys/"]
        guard let root = roots.first(where: path.hasPrefix), !path.hasPrefix("/dev/shm/") else {
            return nil
        }
        return "\(path) is below \(root.dropLast()) and cannot keep a ledger"
    }

    /// The ledger people mean when they name none.
    ///
    /// `/var/lib/deploy-ledger/ledger.db` for root, otherwise below `XDG_STATE_HOME` or
    /// `~/.local/state`.
    ///
    /// - Parameter variable: looks up an environment variable.
    package static func defaultPath(
        variable: (String) -> String? = Environment.value
    ) -> String {
        if User.effectiveID == 0 { return machinePath }
        if let state = absolute(variable("XDG_STATE_HOME")) {
            return state + "/deploy-ledger/ledger.db"
        }
        guard let home = absolute(variable("HOME")) else {
            return "\(sharedRoot)/ledger.db"
        }
        return home + "/.local/state/deploy-ledger/ledger.db"
    }

    /// Beside the ledger, then on a disk that survives a restart, then in memory.
    ///
    /// The last two serve several ledgers and are distinguished by a digest of the ledger's path.
    private static func spoolRoots(
        for path: String, _ variable: (String) -> String?
    ) -> [String] {
        let digest = Hexadecimal.encode(Chain.digest(path).prefix(8))
        let runtime =
            User.effectiveID == 0
            ? "/run" : absolute(variable("XDG_RUNTIME_DIR")) ?? "/run/user/\(User.effectiveID)"
        return [
            LedgerFiles.spoolDirectory(of: path),
            "\(sharedRoot)/spool/\(digest)",
            "\(runtime)/deploy-ledger/spool/\(digest)",
        ]
    }

    /// Whether a ledger is the one of a user without a home, or lies beside it.
    static func isFallback(_ path: String) -> Bool { Path.parent(of: path) == sharedRoot }

    private static var sharedRoot: String { "/var/tmp/deploy-ledger-\(User.effectiveID)" }

    private static func absolute(_ path: String?) -> String? {
        guard let path, path.hasPrefix("/") else { return nil }
        return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }
}
