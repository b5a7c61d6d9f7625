import CommandSupport
import Glibc
import Ledger
import SystemCalls

/// The configuration file: who can read it, and whether it names the ledger that is shared.
struct ConfigurationCheck {
    let settings: LedgerSettings
    let configuration: Configuration

    private static let subject = "configuration"

    /// The file; nil where none is read.
    static var path: String? {
        let path = Environment.value("DEPLOY_LEDGER_CONFIG") ?? Configuration.defaultPath
        return path == "/dev/null" ? nil : path
    }

    /// The line that names a ledger.
    static func line(_ ledger: String) -> String { "DEPLOY_LEDGER=\(ledger)" }

    /// What of the ledger that is shared the file says.
    enum State: Hashable {
        /// It names this ledger, or the environment does.
        case named
        /// There is no file.
        case missing
        /// It names none.
        case silent
        /// It names this other one.
        case other(String)
    }

    /// What it says of the ledger that these settings are for.
    var state: State {
        guard let path = Self.path else { return .named }
        guard let named = configuration.value("DEPLOY_LEDGER") else {
            return FileSystem.exists(path) ? .silent : .missing
        }
        return Path.resolved(named) == settings.path ? .named : .other(named)
    }

    /// Adds the line.
    static func remedy(_ ledger: String, _ path: String) -> String {
        Remedy.command("echo", line(ledger)) + " >> " + Remedy.command(path)
    }

    var findings: [Finding] {
        guard let path = Self.path else { return [] }
        return readability(path) + naming(path)
    }

    /// Whoever cannot read it cannot deploy.
    private func readability(_ path: String) -> [Finding] {
        guard let status = try? FileSystem.status(path), status.isRegularFile,
            status.mode & S_IROTH == 0
        else { return [] }
        let sharer = SharedDirectory.sharer(of: Path.parent(of: settings.path))
        if status.mode & S_IRGRP != 0, status.gid == sharer { return [] }
        return [
            Finding(
                .warning, Self.subject,
                "\(path) is \(AccessCheck.describe(status)): whoever cannot read it cannot deploy",
                remedy: Remedy.command("chmod", "a+r", path))
        ]
    }

    /// Without a setting everybody but root records in a ledger of their own.
    private func naming(_ path: String) -> [Finding] {
        guard SharedDirectory.sharer(of: Path.parent(of: settings.path)) != nil,
            [.missing, .silent].contains(state)
        else { return [] }
        return [
            Finding(
                .warning, Self.subject,
                "\(path) does not name the shared ledger: everybody but root records deployments "
                    + "in a ledger of their own",
                remedy: Self.remedy(settings.path, path))
        ]
    }
}
