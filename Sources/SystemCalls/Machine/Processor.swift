import Glibc

/// The processor this process runs on.
package enum Processor {
    /// Lets processes run that are ready and wait for this processor; returns at once when there
    /// are none.
    ///
    /// The C function is `sched_yield`.
    package static func yield() {
        sched_yield()
    }
}
