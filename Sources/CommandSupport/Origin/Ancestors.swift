package import Glibc
import SystemCalls

/// The processes above this one, read when somebody asks for them.
package final class Ancestors {
    private(set) lazy var all = ProcessOwner.ancestors()

    /// The user of the nearest one that is neither this user's nor root's.
    ///
    /// Root becomes anybody: `sudo`, `cron`, `sshd` and a service manager run as root above a
    /// deployment, and none of them is a person.
    package func person(above uid: uid_t) -> uid_t? {
        all.first { $0.uid != uid && $0.uid != 0 }?.uid
    }
}
