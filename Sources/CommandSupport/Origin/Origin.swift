package import Glibc
import SystemCalls
import Wording

/// Where a deployment comes from and who is behind it.
package struct Origin: Sendable {
    /// The user the wrapper runs as.
    package let user: String
    package let uid: uid_t
    /// The user who logged in, kept by the kernel across `su` and `sudo`.
    package let login: String?
    /// Who called sudo, by its variable: a claim, anybody can set it.
    package let sudoUser: String?
    /// The real person, as far as the kernel knows: who logged in, else the user of the nearest
    /// process above us that is somebody else's.
    package let actor: String
    /// The person that this one says to act for.
    package let claimedActor: String?
    /// `gha`, `ssh`, `cron`, `manual`, or what the caller says.
    package let source: String

    /// The person, for people.
    package var shownActor: String { Actor.text(actor, claimed: claimedActor) }

    package init(source: String?, claimedActor: String?, ci: CIRun?) {
        uid = User.effectiveID
        user = User.name(of: uid)
        login = User.loginID.map(User.name(of:))
        sudoUser = Environment.value("SUDO_USER")
        self.claimedActor = claimedActor ?? ci?.actor
        let ancestors = Ancestors()
        actor = login ?? ancestors.person(above: uid).map(User.name(of:)) ?? user
        self.source = source ?? ci?.source ?? Self.detectedSource(ancestors)
    }

    private static func detectedSource(_ ancestors: Ancestors) -> String {
        if Environment.value("SSH_CONNECTION") != nil { return "ssh" }
        let crons = ["cron", "crond", "anacron", "fcron"]
        return ancestors.all.contains { crons.contains($0.name) } ? "cron" : "manual"
    }
}
