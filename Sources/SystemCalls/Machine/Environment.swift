import Glibc

/// The environment variables of this process.
package enum Environment {
    /// The value of a variable; nil when it is missing or empty.
    package static func value(_ name: String) -> String? {
        guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else {
            return nil
        }
        return value
    }

    /// The names of the variables that begin so, in upper or lower case, and are not empty.
    package static func names(beginningWith prefix: String) -> [String] {
        var names: [String] = []
        var position = 0
        while let text = environ[position] {
            position += 1
            guard strncasecmp(text, prefix, prefix.utf8.count) == 0 else { continue }
            let parts = String(cString: text).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, !parts[1].isEmpty { names.append(String(parts[0])) }
        }
        return names
    }
}
