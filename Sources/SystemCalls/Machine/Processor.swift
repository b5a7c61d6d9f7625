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

    /// From now on everybody else comes first.
    ///
    /// The C function is `setpriority`.
    package static func stepBack() {
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
    }
}
