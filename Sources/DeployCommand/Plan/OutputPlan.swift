import ArgumentParser
import CommandSupport
import Ledger
import SystemCalls
import Wording

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
        _ request: OutputRequest, _ limit: LimitRequest, ledger: LedgerSettings,
        _ configuration: Configuration
    ) throws {
        guard
            let directory = request.logDir.nonEmpty ?? configuration.value("DEPLOY_LOG_DIR")
        else {
            try Self.refuseSilence(limit, configuration)
            return nil
        }
        self.directory = Path.resolved(directory)
        reserve =
            try Self.size("--log-reserve", request.logReserve, "DEPLOY_LOG_RESERVE", configuration)
            ?? Self.defaultReserve
        let age = try Self.duration(request.logMaxAge, configuration) ?? Self.defaultMaxAge
        let size =
            try Self.size("--log-max-size", request.logMaxSize, "DEPLOY_LOG_MAX_SIZE", configuration)
            ?? Self.defaultMaxSize
        maxAge = age == 0 ? nil : age
        maxSize = size == 0 ? nil : size
        access = ledger.access
    }

    /// Silence can only be heard in a file.
    private static func refuseSilence(
        _ limit: LimitRequest, _ configuration: Configuration
    ) throws {
        let setting =
            limit.maxSilence.nonEmpty.map { Configuration.Setting("--max-silence", $0) }
            ?? configuration.setting("DEPLOY_MAX_SILENCE")
        guard let setting, DurationText.parse(option: setting.text) != 0 else { return }
        throw ValidationError(
            "\(setting.place) requires kept output; add --log-dir or set DEPLOY_LOG_DIR")
    }

    private static func size(
        _ option: String, _ given: String?, _ name: String, _ configuration: Configuration
    ) throws -> Int? {
        let setting =
            given.map { Configuration.Setting(option, $0) } ?? configuration.setting(name)
        guard let setting else { return nil }
        guard let value = SizeText.parse(setting.text) else {
            throw ValidationError(
                "\(setting.place) requires a size such as 64M, 1G or 0, not '\(setting.text)'")
        }
        return value
    }

    private static func duration(
        _ given: String?, _ configuration: Configuration
    ) throws -> Int64? {
        let setting =
            given.map { Configuration.Setting("--log-max-age", $0) }
            ?? configuration.setting("DEPLOY_LOG_MAX_AGE")
        guard let setting else { return nil }
        guard let value = DurationText.parse(option: setting.text) else {
            throw ValidationError(
                "\(setting.place) requires a duration such as 30d, 12w or 0, not '\(setting.text)'")
        }
        return value
    }
}
