import ArgumentParser
import CommandSupport
import Ledger

/// What is run when a deployment has failed; durations in µs.
struct RollbackPlan: Sendable {
    /// For `/bin/sh`.
    let line: String
    /// The steps whose failure calls for it.
    let causes: Set<FailedStep>
    let timeout: Int64
    /// The only tier whose deployments count as good ones; nil for all of them.
    let lastGoodTier: String?
    /// How long deployments are frozen afterwards; nil for not at all.
    let freeze: Int64?

    private static let defaultTimeout: Int64 = 30 * 60 * 1_000_000

    /// Nil when nothing is rolled back.
    ///
    /// - Parameter limit: of the command, in µs.
    init?(_ request: RollbackRequest, _ configuration: Configuration, limit: Int64?) throws {
        if request.noRollback { return nil }
        let given = configuration.given(request.rollback, "--rollback", "DEPLOY_ROLLBACK")
        guard let line = given?.text else {
            if let option = request.detail {
                throw ValidationError("\(option) requires --rollback")
            }
            return nil
        }
        self.line = line
        causes =
            try configuration.given(request.rollbackOn, "--rollback-on", "DEPLOY_ROLLBACK_ON")
            .map(Self.causes) ?? [.command, .health, .overran]
        timeout =
            try configuration.given(
                request.rollbackTimeout, "--rollback-timeout", "DEPLOY_ROLLBACK_TIMEOUT")?
            .duration() ?? limit ?? Self.defaultTimeout
        lastGoodTier =
            configuration.given(request.lastGoodTier, "--last-good-tier", "DEPLOY_ROLLBACK_TIER")?
            .text
        let length = try configuration.given(
            request.freezeAfterRollback, "--freeze-after-rollback", "DEPLOY_FREEZE_AFTER_ROLLBACK")?
            .duration(mayBeZero: true)
        freeze = length == 0 ? nil : length
    }

    private static func causes(_ setting: Configuration.Setting) throws -> Set<FailedStep> {
        let words = setting.text.split(separator: ",").map {
            $0.split(separator: " ").joined(separator: " ")
        }
        let causes = try words.map { word in
            guard let step = FailedStep(rawValue: word) else {
                throw ValidationError(
                    "\(setting.place): unknown step '\(word)'; expected some of "
                        + FailedStep.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return step
        }
        guard !causes.isEmpty else {
            throw ValidationError(
                "\(setting.place) names no step; write --no-rollback to roll back nothing")
        }
        return Set(causes)
    }

    /// The program that is looked up before anything runs.
    var program: ProgramLookup.Line { .init(line, place: "--rollback") }
}

extension RollbackRequest {
    /// An option that says nothing without a rollback.
    fileprivate var detail: String? {
        let given: [(String, Bool)] = [
            ("--rollback-on", rollbackOn != nil), ("--rollback-timeout", rollbackTimeout != nil),
            ("--last-good-tier", lastGoodTier != nil),
            ("--freeze-after-rollback", freezeAfterRollback != nil),
        ]
        return given.first(where: \.1)?.0
    }
}
