package import Glibc

extension User {
    /// The name of a user; the number where none is known.
    package static func name(of uid: uid_t) -> String {
        Accounts.shared.account(uid)?.name ?? String(uid)
    }

    /// Whether a user is known to be a member of a group; false when nobody knows the user.
    package static func isMember(_ uid: uid_t, of gid: gid_t) -> Bool {
        Accounts.shared.isMember(uid, of: gid)
    }

    /// Whether there is a user of that name.
    package static func exists(named name: String) -> Bool {
        Accounts.shared.account(named: name) != nil
    }

    /// Whether the user of that name is in a group as it is now, whoever of their processes is.
    package static func isMember(named name: String, of gid: gid_t) -> Bool {
        Accounts.shared.account(named: name).map { Accounts.shared.isMember($0, of: gid) } ?? false
    }

    /// Whether a process of this user runs and is in a group, by the kernel's word.
    package static func hasProcess(_ pid: pid_t, of uid: uid_t, in gid: gid_t) -> Bool {
        guard let status = ProcessOwner(of: pid) else { return false }
        return status.uid == uid && status.groups.contains(gid)
    }

    /// The user who logged in, kept by the kernel across `su` and `sudo`; nil outside of a login.
    ///
    /// Source: proc(5), `/proc/[pid]/loginuid`; 4294967295 means "not set".
    package static var loginID: uid_t? {
        guard let text = try? FileSystem.read("/proc/self/loginuid"),
            let uid = uid_t(String(decoding: text, as: UTF8.self)), uid != uid_t.max
        else { return nil }
        return uid
    }
}
