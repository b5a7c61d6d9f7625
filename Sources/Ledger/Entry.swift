/// What goes into the ledger in one commit.
public struct Entry: Sendable {
    /// The events, in their order.
    public let lines: [EventLine]
    /// What to close first.
    public let sweep: Sweep?

    /// Puts events together.
    public init(_ lines: [EventLine], sweep: Sweep? = nil) {
        self.lines = lines
        self.sweep = sweep
    }
}
