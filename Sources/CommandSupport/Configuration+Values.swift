import ArgumentParser
import Wording

extension Configuration {
    /// What an option says or else its setting; an empty option counts as none.
    package func given(_ option: String?, _ name: String, _ setting: String) -> Setting? {
        if let text = option.nonEmpty { return Setting(name, text) }
        return self.setting(setting)
    }

    /// Whether a setting that is either on or off is on.
    package func isOn(_ name: String) throws -> Bool {
        guard let setting = setting(name) else { return false }
        switch setting.text.lowercased() {
        case "1", "yes", "true", "on": return true
        case "0", "no", "false", "off": return false
        default:
            throw ValidationError(
                "\(setting.place) must be yes or no, not '\(setting.text)'")
        }
    }
}

extension Configuration.Setting {
    /// Microseconds.
    ///
    /// - Throws: a usage error for what is no duration, or is 0 where that is not allowed.
    package func duration(mayBeZero: Bool = false) throws -> Int64 {
        guard let value = DurationText.parse(option: text) else {
            throw ValidationError(
                "\(place) requires a duration such as 90, 90s, 5m or 1h30m, not '\(text)'")
        }
        guard value > 0 || mayBeZero else {
            throw ValidationError("\(place) must be more than 0")
        }
        return value
    }

    /// Bytes; 0 is allowed.
    ///
    /// - Throws: a usage error for what is no size.
    package func size() throws -> Int {
        guard let value = SizeText.parse(text) else {
            throw ValidationError("\(place) requires a size such as 64M or 1G, not '\(text)'")
        }
        return value
    }

    /// A whole number within limits.
    ///
    /// - Throws: a usage error for any other value.
    package func count(_ range: ClosedRange<Int>) throws -> Int {
        guard let value = Int(text), range.contains(value) else {
            throw ValidationError(
                "\(place) must be a number from \(range.lowerBound) to \(range.upperBound), "
                    + "not '\(text)'")
        }
        return value
    }
}
