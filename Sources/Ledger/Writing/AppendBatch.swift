/// What goes into the ledger in one commit.
package struct AppendBatch: Sendable {
    /// The events, in their order.
    package let lines: [EventEnvelope]
    /// What to close first.
    package let sweep: Sweep?

    /// Puts events together.
    package init(_ lines: [EventEnvelope], sweep: Sweep? = nil) {
        self.lines = lines
        self.sweep = sweep
    }
}
