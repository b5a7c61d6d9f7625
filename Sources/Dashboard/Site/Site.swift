import Logging
import Queries
import Reporting

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
    /// The weeks before.
    let trends: Trends
    /// The style sheet and the script.
    let assets: Assets
    /// Events that were read for streams of them.
    let portions = EventPortions()
    /// What monitoring systems are told, by the version of what is the case; ages in it grow.
    let exposition = SharedReads<String, DeploymentExposition>(most: 1, for: 5_000_000)
    /// What was answered.
    let answers = AnswerCounts()
    /// Who is let in.
    let gate: Gate
    /// The runs of CI; nil where nobody asks for them.
    let ciQueue: CIQueueWatch?

    init(_ options: DashboardOptions, _ logger: Logger) {
        self.options = options
        ledger = LedgerAccess(options.ledger)
        live = LiveState(options, ledger)
        slots = StreamSlots(most: options.mostStreams)
        trends = Trends(options.targets, ledger)
        assets = Assets(colour: options.colour)
        let tokens = TokenStore(TokenFile(path: options.tokenFile), logger: logger)
        let logouts = Logouts(options.logoutFile, logger: logger)
        gate = Gate(options, tokens: tokens, logouts: logouts, start: .now)
        ciQueue = options.ciQueue.map { CIQueueWatch($0) }
    }
}
