import Glibc
import Ledger
import SystemCalls
import Wording

/// Events that have not reached the ledger: ours, and those of people who may not write it.
struct SpoolCheck {
    let settings: LedgerSettings

    private static let subject = "spool"

    var findings: [Finding] { own + foreign }

    private var own: [Finding] {
        let spooled = settings.spooled
        var found: [Finding] = []
        if spooled.waiting > 0 {
            let events = PluralText.text(spooled.waiting, "event is waiting", "events are waiting")
            found.append(
                Finding(
                    .warning, Self.subject,
                    "\(events) to be added to \(settings.path); the next deployment of "
                        + "\(User.name(of: User.effectiveID)) adds them, if it can write the ledger",
                    remedy: FileSystem.isWritable(settings.path) ? "deploy-with-lock true" : nil))
        }
        if spooled.setAside > 0 {
            let files = PluralText.text(spooled.setAside, "file", "files")
            found.append(
                Finding(
                    .warning, Self.subject,
                    "\(files) (*.rejected) in \(settings.spoolRoots.joined(separator: ", ")) could "
                        + "not be read as events and were set aside; inspect and remove them"))
        }
        return found
    }

    /// Spools of others for this very ledger, as far as they can be seen.
    private var foreign: [Finding] {
        let shared = "/var/tmp"
        let digest = settings.spoolRoots.dropFirst().first.map { Path.name(of: $0) } ?? ""
        return ((try? FileSystem.entries(of: shared)) ?? []).sorted().compactMap { name in
            let mark = "deploy-ledger-"
            guard name.hasPrefix(mark), let uid = uid_t(name.dropFirst(mark.count)),
                uid != User.effectiveID
            else { return nil }
            let spool = "\(shared)/\(name)/spool/\(digest)"
            let names = (try? FileSystem.entries(of: spool)) ?? []
            let count = names.count { $0.hasSuffix(".event") }
            guard count > 0 else { return nil }
            let user = User.name(of: uid)
            return Finding(
                .warning, Self.subject,
                "\(PluralText.text(count, "event")) of \(user) in \(spool): they could not be written to "
                    + "\(settings.path), and only the next deployment of \(user) can add them",
                remedy: Remedy.command("runuser", "-u", user, "--", "deploy-with-lock", "true"))
        }
    }
}
