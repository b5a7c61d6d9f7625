import CommandSupport
import Ledger
import SystemCalls

/// Where the output of the command is kept, and for how long.
struct OutputPlan: Hashable, Sendable {
    /// The directory, without symbolic links as far as it exists.
    let directory: String
    /// How much space is reserved for one deployment, in bytes.
    let reserve: Int
    /// What is older is removed, in µs; nil: nothing is.
    let maxAge: Int64?
    /// The oldest are removed when all together are larger, in bytes; nil: they are not.
    let maxSize: Int?
    /// Who may use what is kept: those who may use the ledger.
    let access: FileAccess

    private static let defaultReserve = 64 << 20
    private static let defaultMaxAge: Int64 = 90 * 86_400_000_000
    private static let defaultMaxSize = 2 << 30

    /// Nil when nothing is kept.
    init?(
        _ request: OutputRequest, ledger: LedgerSettings, _ configuration: Configuration
    ) throws {
        let directory = configuration.given(request.logDir, "--log-dir", "DEPLOY_LOG_DIR")
        guard let directory else { return nil }
        self.directory = Path.resolved(directory.text)
        reserve =
            try configuration.given(request.logReserve, "--log-reserve", "DEPLOY_LOG_RESERVE")?
            .size() ?? Self.defaultReserve
        let age =
            try configuration.given(request.logMaxAge, "--log-max-age", "DEPLOY_LOG_MAX_AGE")?
            .duration(mayBeZero: true) ?? Self.defaultMaxAge
        let size =
            try configuration.given(request.logMaxSize, "--log-max-size", "DEPLOY_LOG_MAX_SIZE")?
            .size() ?? Self.defaultMaxSize
        maxAge = age == 0 ? nil : age
        maxSize = size == 0 ? nil : size
        access = ledger.access
    }
}
