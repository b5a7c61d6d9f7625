import CommandSupport
import DeployLock
import Glibc
import Ledger
import SystemCalls

/// A machine on which a team deploys with one ledger: what it lacks.
struct Setup {
    let group: String
    let users: [String]
    let settings: LedgerSettings
    let configuration: Configuration

    /// What has to be done, in steps: each is asked for when those before it were done.
    var steps: [() throws(SetupError) -> [Change]] {
        [accounts, directories, files, configurationFile]
    }

    private var directory: String { Path.parent(of: settings.path) }

    private func accounts() -> [Change] {
        guard let gid = Group.id(named: group) else {
            return [.createGroup(group)] + users.map { .addMember($0, group: group) }
        }
        return users.filter { !User.isMember(named: $0, of: gid) }
            .map { .addMember($0, group: group) }
    }

    private func directories() throws(SetupError) -> [Change] {
        var changes = try share(.ofLedger(directory, group)).map { [$0] } ?? []
        if let lock {
            let place = Path.parent(of: lock)
            if place != directory, !FileSystem.exists(place) {
                changes.append(.createDirectory(.ofLock(place, group)))
            }
        }
        return changes
    }

    /// The lock that the configuration names or, as long as there is none, has to name; nil for the
    /// usual one, which is for root alone on some systems.
    private var lock: String? {
        if configuration.value("DEPLOY_LOCK_FILE") != nil {
            return LockPaths(lockFile: nil, infoFile: nil, configuration).lockFile
        }
        let isOpen = LockCheck.isOpen(Path.parent(of: LockPaths.defaultLockFile))
        return isOpen || check.state != .missing ? nil : SharedDirectory.usualLock
    }

    private func share(_ wanted: SharedDirectory) throws(SetupError) -> Change? {
        guard let status = try? FileSystem.status(wanted.path, followingLinks: false) else {
            return .createDirectory(wanted)
        }
        guard status.isDirectory else {
            throw SetupError("cannot use \(wanted.path)", "it is not a directory; move it away")
        }
        if wanted.isUsable(status, by: Group.id(named: group)) { return nil }
        try assertOwn(wanted.path)
        return .shareDirectory(wanted, was: status)
    }

    /// Makes sure that nothing but the ledger is there: `/srv` must not become the group's because
    /// somebody names a ledger in it.
    private func assertOwn(_ directory: String) throws(SetupError) {
        if settings.path == LedgerSettings.machinePath { return }
        let names: [String]
        do {
            names = try FileSystem.entries(of: directory)
        } catch {
            throw SetupError("cannot read \(directory)", error)
        }
        let ledger = Path.name(of: settings.path)
        let other = names.sorted().first { name in
            name != "spool" && !name.hasPrefix(ledger) && !Directory.isDraft(name)
        }
        guard let other else { return }
        throw SetupError(
            "cannot share \(directory)",
            "\(other) is in it, too; name a ledger in a directory of its own with --ledger")
    }

    private func files() -> [Change] {
        AccessCheck(subject: "", directory: directory, files: settings.files)
            .flaws(for: Group.id(named: group)).map { .shareFile($0, group: group) }
    }

    private func configurationFile() -> [Change] {
        guard check.state == .missing, let path = ConfigurationCheck.path else { return [] }
        return [
            .writeConfiguration(
                path, SharedConfiguration(ledger: settings.path, group: group, lock: lock))
        ]
    }

    private var check: ConfigurationCheck {
        ConfigurationCheck(settings: settings, configuration: configuration)
    }

    /// The configuration file of somebody who set up something else, and what that is; nil where
    /// there is none.
    var kept: String? {
        guard let path = ConfigurationCheck.path else { return nil }
        return switch check.state {
        case .silent: "\(path) as it is: it does not set DEPLOY_LEDGER"
        case .other(let other):
            "\(path) as it is: DEPLOY_LEDGER is \(other), not \(settings.path)"
        case .named, .missing: nil
        }
    }
}
