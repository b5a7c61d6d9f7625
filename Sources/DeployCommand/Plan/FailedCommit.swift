import Glibc
import SystemCalls

/// The commit whose deployment failed, as the rollback that we run in was told.
///
/// A deployment that a rollback starts brings something else: what it inherited of the failed one
/// must not be recorded as its own.
enum FailedCommit {
    /// Takes what belongs to the failed deployment out of our environment, for us and for what we
    /// start; a commit that the rollback has set itself stays.
    static func forget() {
        guard Environment.value("DEPLOY_FAILED_STEP") != nil,
            Environment.value("DEPLOY_SHA") == Environment.value("DEPLOY_FAILED_SHA")
        else { return }
        unsetenv("DEPLOY_SHA")
        unsetenv("DEPLOY_REF")
        unsetenv("DEPLOY_COMMITTED_AT")
    }

    /// Whether a commit that nobody has named, such as that of the CI run, is the failed one.
    static func isInherited(_ sha: String?) -> Bool {
        sha != nil && Environment.value("DEPLOY_FAILED_STEP") != nil
            && sha == Environment.value("DEPLOY_FAILED_SHA")
    }
}
