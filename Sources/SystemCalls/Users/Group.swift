public import Glibc

/// The groups of this machine.
public enum Group {
    /// The name of a group; the number where none is known.
    public static func name(of gid: gid_t) -> String {
        Accounts.shared.groupName(gid) ?? String(gid)
    }
}
