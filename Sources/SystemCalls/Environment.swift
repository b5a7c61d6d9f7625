import Glibc

/// The environment variables of this process.
public enum Environment {
    /// The value of a variable; nil when it is missing or empty.
    public static func value(_ name: String) -> String? {
        guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else {
            return nil
        }
        return value
    }
}
