import Glibc
import SystemCalls

/// Settings from outside the command line: the environment, then the configuration file.
///
/// Options override the environment, the environment overrides the file, the file overrides what
/// is built in.
public struct Configuration: Sendable {
    /// A configuration file that cannot be used.
    ///
    /// Never passed over in silence: a wrong lock file would let two deployments run at once.
    public struct Problem: Error, CustomStringConvertible {
        /// What is wrong where, and what to do.
        public let description: String
    }

    /// Where the file is unless `DEPLOY_LEDGER_CONFIG` names another.
    public static let defaultPath = "/etc/deploy-ledger.conf"

    /// Every setting; one that is not here is a mistake in the file.
    private static let keys = [
        "DEPLOY_LOCK_FILE", "DEPLOY_LOCK_INFO_FILE", "DEPLOY_LOCK_TIMEOUT", "DEPLOY_LEDGER",
        "DEPLOY_SOURCE", "DEPLOY_TIER", "DEPLOY_SHA", "DEPLOY_REF", "DEPLOY_RUN_URL",
        "DEPLOY_MESSAGE", "DEPLOY_MAX_QUEUE", "DEPLOY_ALERT_WARNING", "DEPLOY_ALERT_CRITICAL",
        "DEPLOY_ALERT_WINDOW", "DEPLOY_ALERT_NOTIFY", "DEPLOY_ALERT_STATE",
    ]

    private let values: [String: String]

    /// Reads the file; a missing one is the same as an empty one.
    public static func load() throws(Problem) -> Configuration {
        let named = Environment.value("DEPLOY_LEDGER_CONFIG")
        let path = named ?? defaultPath
        do {
            let text = String(decoding: try FileSystem.read(path), as: UTF8.self)
            return try Configuration(parsing: text, path: path)
        } catch let error as SystemError {
            if error.code == ENOENT, named == nil { return Configuration(values: [:]) }
            throw Problem(
                description: "the configuration file cannot be read: \(error); make it readable "
                    + "or remove it")
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(description: "the configuration file \(path) cannot be read: \(error)")
        }
    }

    /// Reads `KEY=value` lines; blank lines and lines that begin with `#` do not count, and quotes
    /// around a value are taken off.
    ///
    /// A key that begins with `DEPLOY_` and is none of ours, or is nearly one of ours, is an error:
    /// with a misspelt lock file two deployments would run at once. Others are left to whoever
    /// reads the file, too, such as a shell script.
    public init(parsing text: String, path: String) throws(Problem) {
        var values: [String: String] = [:]
        for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let line = raw.trimming(while: \.isWhitespace)
            if line.isEmpty || line.hasPrefix("#") { continue }
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = parts[0].trimming(while: \.isWhitespace)
            guard parts.count == 2, !key.isEmpty, !key.contains(where: \.isWhitespace) else {
                throw Problem(
                    description: "\(path), line \(index + 1): expected KEY=value; correct the "
                        + "line or put # before it")
            }
            if let meant = Self.correction(of: String(key)) {
                throw Problem(
                    description: "\(path), line \(index + 1): there is no setting \(key); did you "
                        + "mean \(meant)?")
            }
            let value = parts[1].trimming(while: \.isWhitespace)
            values[String(key)] = String(Self.unquoted(value))
        }
        self.values = values
    }

    private init(values: [String: String]) {
        self.values = values
    }

    /// The value of a setting, from the environment or else from the file.
    public func value(_ name: String) -> String? {
        assert(Self.keys.contains(name), "add \(name) to the keys of the configuration file")
        return Environment.value(name) ?? values[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The setting that somebody meant who wrote `key`; nil when it is one, or none of ours.
    private static func correction(of key: String) -> String? {
        if keys.contains(key) { return nil }
        let wanted = Array(key.uppercased().utf8)
        let nearest = keys.map { (key: $0, steps: steps(from: wanted, to: Array($0.utf8))) }
            .min { $0.steps < $1.steps }
        guard let nearest, wanted.starts(with: "DEPLOY_".utf8) || nearest.steps <= 2 else {
            return nil
        }
        return nearest.key
    }

    /// How many letters have to be put in or taken out to make the one of the other.
    private static func steps(from given: [UInt8], to wanted: [UInt8]) -> Int {
        var row = Array(0...wanted.count)
        for (line, letter) in given.enumerated() {
            var before = row[0]
            row[0] = line + 1
            for column in wanted.indices {
                let change = before + (letter == wanted[column] ? 0 : 2)
                before = row[column + 1]
                row[column + 1] = min(change, before + 1, row[column] + 1)
            }
        }
        return row[wanted.count]
    }

    private static func unquoted(_ value: Substring) -> Substring {
        for quote in ["\"", "'"] where value.count >= 2 {
            if value.hasPrefix(quote), value.hasSuffix(quote) {
                return value.dropFirst().dropLast()
            }
        }
        return value
    }
}

extension Substring {
    /// Without the characters at both ends that satisfy the condition.
    func trimming(while condition: (Character) -> Bool) -> Substring {
        var rest = drop(while: condition)
        while let last = rest.last, condition(last) { rest.removeLast() }
        return rest
    }
}
