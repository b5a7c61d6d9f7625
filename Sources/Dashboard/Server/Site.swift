/// What all answers are made from.
struct Site: Sendable {
    let options: DashboardOptions
    let ledger: LedgerAccess

    init(_ options: DashboardOptions) {
        self.options = options
        ledger = LedgerAccess(options.ledger)
    }

    /// Every address the server answers.
    var routes: [Route] {
        PageRoutes(site: self).routes
    }
}
