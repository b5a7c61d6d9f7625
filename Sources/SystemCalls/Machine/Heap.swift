internal import CLinux

/// The memory a process takes from the system piece by piece.
package enum Heap {
    /// Shapes it for a process that lives for milliseconds and whose threads mostly take turns.
    ///
    /// One arena for all threads, because a second one grows by single pages, a system call each;
    /// and half a megabyte at a time, of which only what is used costs memory. The C function is
    /// `mallopt`.
    package static func expectShortLife() {
        deploy_ledger_shape_heap(1, 512 << 10)
    }
}
