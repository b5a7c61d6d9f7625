import SystemCalls
import Wording

/// The names of the settings, and which of them somebody meant who wrote another.
enum SettingName {
    /// Every setting.
    static let all = [
        "DEPLOY_LOCK_FILE", "DEPLOY_LOCK_INFO_FILE", "DEPLOY_LOCK_TIMEOUT", "DEPLOY_LEDGER",
        "DEPLOY_SOURCE", "DEPLOY_ACTOR", "DEPLOY_TIER", "DEPLOY_SHA", "DEPLOY_REF",
        "DEPLOY_RUN_URL", "DEPLOY_COMMITTED_AT",
        "DEPLOY_MESSAGE", "DEPLOY_MAX_QUEUE", "DEPLOY_ALERT_WARNING", "DEPLOY_ALERT_CRITICAL",
        "DEPLOY_ALERT_WINDOW", "DEPLOY_ALERT_NOTIFY", "DEPLOY_ALERT_STATE", "DEPLOY_MASK",
        "DEPLOY_TARGET_LOCK_WAIT_TIME", "DEPLOY_TARGET_DURATIONS", "DEPLOY_TARGET_QUEUE_LENGTH",
        "DEPLOY_TARGET_SKIP_RATE", "DEPLOY_TARGET_SUCCESS_RATE", "DEPLOY_TARGET_TIME_TO_DELIVER",
        "DEPLOY_TARGET_TIMEOUT_RATE", "DEPLOY_TARGET_ORPHANS",
        "DEPLOY_HEALTH_CHECK", "DEPLOY_HEALTH_URL", "DEPLOY_HEALTH_EXPECT", "DEPLOY_HEALTH_DELAY",
        "DEPLOY_HEALTH_RETRIES", "DEPLOY_HEALTH_INTERVAL", "DEPLOY_HEALTH_TIMEOUT",
        "DEPLOY_HEALTH_STABLE", "DEPLOY_HEALTH_EXIT_CODE", "DEPLOY_HEALTH_FOLLOW_REDIRECTS",
        "DEPLOY_ROLLBACK", "DEPLOY_ROLLBACK_ON", "DEPLOY_ROLLBACK_TIMEOUT",
        "DEPLOY_ROLLBACK_TIER", "DEPLOY_FREEZE_AFTER_ROLLBACK",
        "DEPLOY_MAX_DURATION", "DEPLOY_MAX_SILENCE", "DEPLOY_GRACE", "DEPLOY_WARN_AFTER",
        "DEPLOY_LOG_DIR", "DEPLOY_LOG_RESERVE", "DEPLOY_LOG_MAX_AGE", "DEPLOY_LOG_MAX_SIZE",
        "DEPLOY_NOTIFY", "DEPLOY_NOTIFY_ON", "DEPLOY_NOTIFY_TIMEOUT", "DEPLOY_NOTIFY_FORMAT",
        "DEPLOY_SYSLOG", "DEPLOY_DASHBOARD_TOKEN_FILE",
        "DEPLOY_DASHBOARD_URL", "DEPLOY_DASHBOARD_NAME", "DEPLOY_DASHBOARD_COLOUR",
    ]

    /// Variables that the command of a deployment is given; nobody sets them.
    private static let given = [
        "DEPLOY_ID", "DEPLOY_NUMBER", "DEPLOY_HEALTH_ATTEMPT", "DEPLOY_HEALTH_ATTEMPTS",
        "DEPLOY_FAILED_STEP", "DEPLOY_FAILED_EXIT_CODE", "DEPLOY_FAILED_SHA", "DEPLOY_FAILED_REF",
        "DEPLOY_LAST_GOOD_SHA", "DEPLOY_LAST_GOOD_REF", "DEPLOY_LAST_GOOD_NUMBER",
        "DEPLOY_LAST_GOOD_ID", "DEPLOY_LAST_GOOD_AT", "DEPLOY_LAST_GOOD_TIER",
    ]
    /// Variables that are ours and no settings.
    private static let others = ["DEPLOY_LEDGER_CONFIG"] + given

    /// What one would guess from the name of the option.
    private static let guesses = [
        "DEPLOY_TIMEOUT": "DEPLOY_LOCK_TIMEOUT", "DEPLOY_INFO_FILE": "DEPLOY_LOCK_INFO_FILE",
    ]

    /// What a key of the configuration file is that is none of our settings.
    enum Stranger: Hashable {
        /// Nearly this setting.
        case misspelt(String)
        /// Perhaps one of a newer version: it begins as ours do.
        case unknown
        /// Somebody else's.
        case foreign
    }

    /// What a key of the configuration file is; nil for a setting.
    ///
    /// Two letters off is a mistake. What is further off may be a setting of a newer version, whose
    /// file an older one has to deploy with.
    static func stranger(_ key: String) -> Stranger? {
        if all.contains(key) { return nil }
        if let guess = guesses[key.uppercased()] { return .misspelt(guess) }
        if let nearest = nearest(to: key, among: all), nearest.steps <= 2 {
            return .misspelt(nearest.name)
        }
        return key.uppercased().hasPrefix("DEPLOY_") ? .unknown : .foreign
    }

    /// The variable that somebody meant who set `variable`; nil when it is one of ours, or as
    /// likely somebody else's.
    ///
    /// Many programs have variables that begin with `DEPLOY_`. So two letters off is close enough
    /// for a long name only: `DEPLOY_REV` is nobody's `DEPLOY_REF`.
    static func nearMiss(_ variable: String) -> String? {
        if all.contains(variable) || others.contains(variable) { return nil }
        if let guess = guesses[variable.uppercased()] { return guess }
        guard let nearest = nearest(to: variable, among: all + others) else { return nil }
        let letters = nearest.name.utf8.count - "DEPLOY_".utf8.count
        let isClose = nearest.steps <= (letters < "SOURCE".utf8.count ? 0 : 2)
        return isClose && !given.contains(nearest.name) ? nearest.name : nil
    }

    private static func nearest(
        to name: String, among names: [String]
    ) -> (name: String, steps: Int)? {
        let wanted = Array(name.uppercased().utf8)
        return names.map { (name: $0, steps: NearMiss.steps(from: wanted, to: Array($0.utf8))) }
            .min { $0.steps < $1.steps }
    }
}
