import Glibc
import SystemCalls

/// One thing that setting up a machine changes.
enum Change: Hashable {
    case createGroup(String)
    case addMember(String, group: String)
    case createDirectory(SharedDirectory)
    /// A directory that was another's, or of another mode.
    case shareDirectory(SharedDirectory, was: FileStatus)
    /// A file that was made before its directory was shared.
    case shareFile(AccessCheck.Flaw, group: String)
    case writeConfiguration(String, SharedConfiguration)

    /// What was done, or would be, in one line.
    func words(isPlanned: Bool) -> String {
        let (did, does, rest) = parts
        return isPlanned ? "would \(does) \(rest)" : "\(did) \(rest)"
    }

    private var parts: (did: String, does: String, rest: String) {
        switch self {
        case .createGroup(let name): ("created", "create", "the system group \(name)")
        case .addMember(let user, let group):
            ("added", "add", "\(user) to the group \(group), from their next login")
        case .createDirectory(let directory):
            (
                "created", "create",
                "\(directory.path), \(Self.access(directory.group, directory.mode))"
            )
        case .shareDirectory(let directory, let was):
            (
                "shared", "share",
                "\(directory.path), \(Self.access(directory.group, directory.mode)) "
                    + "(it was \(AccessCheck.describe(was)))"
            )
        case .shareFile(let flaw, let group):
            (
                "shared", "share",
                "\(flaw.path), \(Self.access(group, flaw.mode)) "
                    + "(it was \(AccessCheck.describe(flaw.status)))"
            )
        case .writeConfiguration(let path, let configuration):
            ("created", "create", "\(path) with \(configuration.settings)")
        }
    }

    private static func access(_ group: String, _ mode: mode_t) -> String {
        "group \(group) \(AccessCheck.describe(mode))"
    }

    /// Makes the change; somebody who made it meanwhile is no error.
    func make() throws(SetupError) {
        let (_, does, rest) = parts
        let what = "\(does) \(rest)"
        switch self {
        case .createGroup(let name):
            try Self.assertWritable("/etc", what)
            do {
                try AccountProgram.run(AccountProgram.creating(name), to: what)
            } catch {
                if Group.id(named: name) == nil { throw error }
            }
        case .addMember(let user, let group):
            try Self.assertWritable("/etc", what)
            do {
                try AccountProgram.run(AccountProgram.adding(user, to: group), to: what)
            } catch {
                let gid = Group.id(named: group)
                if gid.map({ User.isMember(named: user, of: $0) }) != true { throw error }
            }
        case .createDirectory(let directory):
            try Self.wrap(what) { () throws(SystemError) in try Self.create(directory) }
        case .shareDirectory(let directory, _):
            try Self.share(directory.path, directory.mode, directory.group, what)
        case .shareFile(let flaw, let group):
            try Self.share(flaw.path, flaw.mode, group, what)
        case .writeConfiguration(let path, let configuration):
            try Self.wrap(what) { () throws(SystemError) in try configuration.write(to: path) }
        }
    }

    private static func create(_ directory: SharedDirectory) throws(SystemError) {
        let parent = try Directory.make(
            Path.parent(of: directory.path), FileAccess(mode: 0o755))
        try parent.makeDirectory(
            Path.name(of: directory.path),
            FileAccess(mode: directory.mode, group: Group.id(named: directory.group)))
    }

    private static func share(
        _ path: String, _ mode: mode_t, _ group: String, _ what: String
    ) throws(SetupError) {
        do {
            try FileAccess(mode: mode, group: Group.id(named: group)).apply(to: path)
        } catch {
            // A deployment that runs may have added what was waiting in the spool.
            if error.code != ENOENT { throw SetupError("cannot \(what)", error) }
        }
    }

    private static func wrap(
        _ what: String, _ body: () throws(SystemError) -> Void
    ) throws(SetupError) {
        do { try body() } catch { throw SetupError("cannot \(what)", error) }
    }

    /// Programs of others only say after a while that they cannot lock a file.
    private static func assertWritable(_ directory: String, _ what: String) throws(SetupError) {
        guard FileSystem.isReadOnly(directory) else { return }
        throw SetupError("cannot \(what)", SystemError("access", directory, code: EROFS))
    }
}
