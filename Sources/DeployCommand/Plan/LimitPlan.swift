import ArgumentParser
import CommandSupport

/// How long the command may run; durations in µs.
struct LimitPlan: Sendable {
    /// After this it is ended; nil for never.
    let duration: Int64?
    /// After so long without output it is ended; nil for never.
    let silence: Int64?
    /// From TERM to KILL.
    let grace: Int64
    /// After this it is said that it runs long; nil for never.
    let warning: Int64?

    private static let defaultWarning: Int64 = 20 * 60 * 1_000_000
    private static let defaultGrace: Int64 = 10_000_000

    init(_ request: LimitRequest, _ configuration: Configuration, keepsOutput: Bool) throws {
        func given(_ option: String?, _ name: String, _ setting: String) throws -> Int64? {
            try configuration.given(option, name, setting)?.duration(mayBeZero: true)
        }
        let duration = try given(request.maxDuration, "--max-duration", "DEPLOY_MAX_DURATION")
        self.duration = duration == 0 ? nil : duration
        let silence = try given(request.maxSilence, "--max-silence", "DEPLOY_MAX_SILENCE")
        self.silence = silence == 0 ? nil : silence
        if self.silence != nil, !keepsOutput {
            throw ValidationError("--max-silence requires --log-dir")
        }
        grace =
            try given(request.grace, "--grace", "DEPLOY_GRACE") ?? Self.defaultGrace
        let warning =
            try given(request.warnAfter, "--warn-after", "DEPLOY_WARN_AFTER")
            ?? Self.defaultWarning
        self.warning = warning == 0 ? nil : warning
    }
}
