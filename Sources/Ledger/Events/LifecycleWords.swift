import JSON

/// What the check of a deployment came to, as `health` of its release.
package enum HealthVerdict: String, RecordText, Hashable, Sendable {
    /// It passed.
    case healthy
    /// It did not pass.
    case unhealthy
    /// It was planned and not brought to an end.
    case unchecked
}

/// What became of one attempt of a check, or of a rollback, as `result` of its event.
package enum StepResult: String, RecordText, Hashable, Sendable {
    /// A check passed.
    case healthy
    /// A check failed.
    case unhealthy
    /// A rollback ended with exit code 0.
    case done
    /// A rollback ended with something else.
    case failed
    /// It took too long and was ended.
    case timedOut = "timed_out"
    /// It could not be started.
    case notRun = "not_run"
    /// A signal to the wrapper ended it.
    case interrupted
}

/// Which step of a deployment failed, as `failed_step` of its rollback and `DEPLOY_FAILED_STEP`.
package enum FailedStep: String, RecordText, Hashable, Sendable, CaseIterable {
    /// The command ended with an exit code other than 0, or a signal that nobody sent through us
    /// ended it.
    case command
    /// The command succeeded and the check did not.
    case health
    /// The command exceeded a limit.
    case overran
    /// The deployment was told to stop.
    case signal
}
