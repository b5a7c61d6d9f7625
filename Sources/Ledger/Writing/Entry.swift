/// What goes into the ledger in one commit.
package struct Entry: Sendable {
    /// The events, in their order.
    package let lines: [EventLine]
    /// What to close first.
    package let sweep: Sweep?

    /// Puts events together.
    package init(_ lines: [EventLine], sweep: Sweep? = nil) {
        self.lines = lines
        self.sweep = sweep
    }
}
