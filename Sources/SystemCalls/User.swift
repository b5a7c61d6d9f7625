package import Glibc

/// The users of this machine, and who of them runs this process.
package enum User {
    /// The effective user's id.
    package static var effectiveID: uid_t { geteuid() }
}
