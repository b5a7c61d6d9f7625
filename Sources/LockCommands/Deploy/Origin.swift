import CommandSupport
import DeployLock
import Glibc
import SystemCalls

/// Where a deployment comes from and who is behind it.
struct Origin: Sendable {
    /// The user the wrapper runs as.
    let user: String
    let uid: uid_t
    /// The user who logged in, kept by the kernel across `su` and `sudo`.
    let login: String?
    /// Who called sudo.
    let sudoUser: String?
    /// `gha`, `ssh`, `cron`, `manual`, or what the caller says.
    let source: String

    /// The real person, as far as the machine knows.
    var actor: String { sudoUser ?? login ?? user }

    init(source: String?) {
        uid = User.effectiveID
        user = User.name(of: uid)
        login = User.loginID.map(User.name(of:))
        sudoUser = Environment.value("SUDO_USER")
        self.source = source ?? Self.detectedSource()
    }

    private static func detectedSource() -> String {
        if Environment.value("GITHUB_ACTIONS") == "true" { return "gha" }
        if Environment.value("SSH_CONNECTION") != nil { return "ssh" }
        let isCron = ProcessIdentity.ancestors().contains { Self.crons.contains($0.name) }
        return isCron ? "cron" : "manual"
    }

    private static let crons = ["cron", "crond", "anacron", "fcron"]
}
