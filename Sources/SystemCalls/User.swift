public import Glibc

/// Who runs this process.
public enum User {
    /// The effective user's id.
    public static var effectiveID: uid_t { geteuid() }

    /// The name of a user; its number when no name is known.
    ///
    /// A static binary may not reach directory services (LDAP, sssd); the number still tells.
    public static func name(of uid: uid_t) -> String {
        var entry = passwd()
        var result: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16384)
        guard getpwuid_r(uid, &entry, &buffer, buffer.count, &result) == 0, result != nil,
            let name = entry.pw_name
        else { return String(uid) }
        return String(cString: name)
    }

    /// The groups a user is a member of; empty when he is not known.
    ///
    /// The C function is `getgrouplist`.
    public static func groups(of uid: uid_t) -> [gid_t] {
        var entry = passwd()
        var result: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16384)
        guard getpwuid_r(uid, &entry, &buffer, buffer.count, &result) == 0, result != nil,
            let name = entry.pw_name
        else { return [] }
        var groups = [gid_t](repeating: 0, count: 256)
        var count = CInt(groups.count)
        guard getgrouplist(name, entry.pw_gid, &groups, &count) >= 0 else { return [] }
        return Array(groups.prefix(Int(count)))
    }

    /// The user who logged in, kept by the kernel across `su` and `sudo`; nil outside of a login.
    ///
    /// Source: proc(5), `/proc/[pid]/loginuid`; 4294967295 means "not set".
    public static var loginID: uid_t? {
        guard let text = try? FileSystem.read("/proc/self/loginuid"),
            let uid = uid_t(String(decoding: text, as: UTF8.self)), uid != uid_t.max
        else { return nil }
        return uid
    }
}
