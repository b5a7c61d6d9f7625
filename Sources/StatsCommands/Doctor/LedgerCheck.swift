import Glibc
import Ledger
import Queries
import Reporting
import SystemCalls
import Wording

/// The ledger: can it be written, by whom, and does it lie where it is safe.
struct LedgerCheck {
    let settings: LedgerSettings
    let mounts: MountTable

    private static let subject = "ledger"
    private var path: String { settings.path }
    private var directory: String { Path.parent(of: path) }
    private var files: [String] { ["", "-wal", "-shm", ".lock"].map { path + $0 } }

    var findings: [Finding] {
        presence + access + place + links
            + AccessCheck(subject: Self.subject, directory: directory, files: settings.files)
            .findings
    }

    private var presence: [Finding] {
        do throws(LedgerError) {
            let reader = try LedgerReader(path: path, busyTimeoutMilliseconds: 500)
            return history(reader)
        } catch {
            switch error {
            case .missing, .empty:
                return [
                    Finding(
                        .note, Self.subject,
                        "no ledger at \(path) yet; the first deployment creates it")
                ]
            case .busy:
                return [Finding(.note, Self.subject, "\(error)")]
            case .corrupt, .notALedger:
                return [
                    Finding(
                        .critical, Self.subject, "\(error)", remedy: "deploystats verify")
                ]
            default: return [Finding(.warning, Self.subject, "\(error)")]
            }
        }
    }

    /// What the ledger lacks, as far as a short look tells.
    private func history(_ reader: LedgerReader) -> [Finding] {
        let problems = ((try? LedgerVerifier(settings).verifyNewest())?.problems ?? []).map {
            Finding(
                .critical, Self.subject, $0.description,
                remedy: $0.isInterruption ? "deploystats recover" : "deploystats verify")
        }
        // Without bounds it would repeat for ever what cannot be mended any more.
        let window = try? Window(
            since: nil, until: nil, zone: .utc,
            now: Instant(microseconds: Clock.wallMicroseconds()))
        let missing = window.flatMap { try? MissingNumbers(reader.connection, $0) }
        let unknown = ((try? reader.unknownFiles()) ?? []).map { file in
            Finding(
                .note, Self.subject,
                "\(file) was set aside, and no event of this ledger says what became of it: add the "
                    + "events that are missing here, or delete it",
                remedy: Remedy.command("deploystats", "recover", file))
        }
        return problems + unknown
            + (missing?.sentences ?? []).map { Finding(.warning, Self.subject, $0) }
    }

    private var access: [Finding] {
        guard FileSystem.exists(directory), !FileSystem.isWritable(directory) else { return [] }
        let who = User.name(of: User.effectiveID)
        guard let status = try? FileSystem.status(directory) else { return [] }
        let group = Group.name(of: status.gid)
        let isShared = status.mode & S_IWGRP != 0
        return [
            Finding(
                .note, Self.subject,
                "\(who) cannot write \(directory) (\(AccessCheck.describe(status))): deployments "
                    + "of \(who) stay in a spool of their own until they can",
                remedy: isShared ? Remedy.command("usermod", "-aG", group, who) : nil)
        ]
    }

    private var place: [Finding] {
        guard let mount = mounts.mount(of: FileSystem.resolved(directory) ?? directory) else {
            return []
        }
        var found: [Finding] = []
        if FileSystemType.isRemote(mount.type) {
            found.append(
                Finding(
                    .critical, Self.subject,
                    "\(directory) is on \(mount.type): SQLite's write-ahead log requires a disk of "
                        + "this machine, and a ledger there can be damaged"))
        }
        if FileSystemType.isVolatile(mount.type) {
            found.append(
                Finding(
                    .warning, Self.subject,
                    "\(directory) is on \(mount.type): the history is gone when "
                        + (mount.type == "overlay" ? "the container is" : "the machine restarts")))
        }
        return found
    }

    private var links: [Finding] {
        files.compactMap { file in
            if mounts.isMountPoint(FileSystem.resolved(file) ?? file) {
                return Finding(
                    .critical, Self.subject,
                    "\(file) alone is mounted from elsewhere: two sides then keep two logs for one "
                        + "database and lose each other's deployments; mount \(directory) instead")
            }
            guard let status = try? FileSystem.status(file, followingLinks: false),
                status.isRegularFile, status.links > 1
            else { return nil }
            return Finding(
                .critical, Self.subject,
                "\(file) has \(status.links) names (hard links): whoever uses another one keeps "
                    + "another log, and deployments are lost; remove the others")
        }
    }
}

/// What is known of types of file systems.
enum FileSystemType {
    static func isRemote(_ type: String) -> Bool {
        ["nfs", "cifs", "smb", "9p", "ceph", "glusterfs", "fuse.sshfs", "afs", "lustre"]
            .contains { type.hasPrefix($0) }
    }

    static func isVolatile(_ type: String) -> Bool {
        ["tmpfs", "ramfs", "overlay"].contains(type)
    }
}
