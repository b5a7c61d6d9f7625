package import Glibc

/// The groups of this machine.
package enum Group {
    /// The name of a group; the number where none is known.
    package static func name(of gid: gid_t) -> String {
        Accounts.shared.groupName(gid) ?? String(gid)
    }

    /// The number of a group as it is now; nil when there is none of that name.
    package static func id(named name: String) -> gid_t? {
        Accounts.shared.groupID(named: name)
    }
}
