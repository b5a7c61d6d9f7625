/// What all answers are made from.
struct Site: Sendable {
    let options: DashboardOptions
    let ledger: LedgerAccess
    /// What is the case now.
    let live: LiveState
    /// What was rendered of it.
    let cache = RenderCache()
    /// The streams that are open.
    let slots: StreamSlots

    init(_ options: DashboardOptions) {
        self.options = options
        ledger = LedgerAccess(options.ledger)
        live = LiveState(options, ledger)
        slots = StreamSlots(most: options.mostStreams)
    }

    /// Every address the server answers.
    var routes: [Route] {
        PageRoutes(site: self).routes + LiveRoutes(site: self).routes
    }
}
