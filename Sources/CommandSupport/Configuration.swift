import ArgumentParser
import Glibc
import Secrets
import SystemCalls

/// Settings from outside the command line: the environment, then the configuration file.
///
/// Options override the environment, the environment overrides the file, the file overrides what
/// is built in.
package struct Configuration: Sendable {
    /// A configuration file that cannot be used.
    ///
    /// Never passed over in silence: a wrong lock file would let two deployments run at once.
    package struct Problem: Error, CustomStringConvertible {
        /// What is wrong where, and what to do.
        package let description: String

        /// What is wrong where, and what to do.
        package init(_ description: String) { self.description = description }
    }

    /// Where the file is unless `DEPLOY_LEDGER_CONFIG` names another.
    package static let defaultPath = "/etc/deploy-ledger.conf"

    /// A value with where it was set.
    package struct Setting: Hashable, Sendable {
        /// The name of the setting.
        package let name: String
        /// The value.
        package let text: String
        /// What to call it in a message about a wrong value: its name and, in front of that, the
        /// line of the file it is from.
        package let place: String

        /// A value of the command line or of the environment, which needs no more than its name.
        package init(_ name: String, _ text: String) {
            self.init(name, text, place: name)
        }

        fileprivate init(_ name: String, _ text: String, place: String) {
            self.name = name
            self.text = text
            self.place = place
        }
    }

    private let values: [String: Setting]
    /// What the file has that nobody reads, each with its line.
    package let warnings: [String]

    /// Reads the file, a missing one is the same as an empty one, and hides from now on what the
    /// team hides besides, so that no tool can show a command without having heard of it.
    package static func load() throws(Problem) -> Configuration {
        let configuration = try read()
        for warning in configuration.warnings {
            Terminal.complain("\(Tool.name): warning: \(warning)")
        }
        if let setting = configuration.setting("DEPLOY_MASK") {
            for flaw in OwnPatterns.use(setting.text) {
                // No reason not to deploy.
                Terminal.complain("\(Tool.name): warning: \(setting.place): \(flaw); it is ignored")
            }
        }
        return configuration
    }

    /// The same for a command, of which a file that cannot be used is a usage error.
    package static func forCommand() throws -> Configuration {
        do { return try load() } catch { throw ValidationError(error.description) }
    }

    private static func read() throws(Problem) -> Configuration {
        let named = Environment.value("DEPLOY_LEDGER_CONFIG")
        let path = named ?? defaultPath
        do {
            let text = String(decoding: try FileSystem.read(path), as: UTF8.self)
            return try Configuration(parsing: text, path: path)
        } catch let error as SystemError {
            if error.code == ENOENT, named == nil { return Configuration() }
            let advice =
                error.code == ENOENT
                ? "DEPLOY_LEDGER_CONFIG names it" : "make it readable or remove it"
            throw Problem(
                "cannot read the configuration file \(path): \(error.reason); \(advice)"
            )
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem("cannot read the configuration file \(path): \(error)")
        }
    }

    /// Reads `KEY=value` lines; blank lines and comments do not count, and quotes around a value are
    /// taken off.
    ///
    /// A comment begins with `#` at the start of a line or after a blank, outside quotes.
    ///
    /// A key that is nearly one of ours is an error: with a misspelt lock file two deployments would
    /// run at once. Another one that begins with `DEPLOY_` may be of a newer version and is a
    /// warning. Others are left to whoever reads the file, too, such as a shell script.
    package init(parsing text: String, path: String) throws(Problem) {
        var values: [String: Setting] = [:]
        var warnings: [String] = []
        for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let line = raw.trimming(while: \.isWhitespace)
            if line.isEmpty || line.hasPrefix("#") { continue }
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = parts[0].trimming(while: \.isWhitespace)
            guard parts.count == 2, !key.isEmpty, !key.contains(where: \.isWhitespace) else {
                throw Problem(
                    "\(path), line \(index + 1): expected KEY=value; correct the "
                        + "line or put # before it")
            }
            let place = "\(path), line \(index + 1): "
            switch SettingName.stranger(String(key)) {
            case .misspelt(let meant):
                throw Problem(
                    "\(place)unknown setting \(key); did you mean \(meant)?")
            case .unknown:
                warnings.append(
                    "\(place)unknown setting \(key); this version (\(Tool.version)) ignores it")
            case .foreign, nil: break
            }
            let value = Self.value(parts[1])
            values[String(key)] = Setting(
                String(key), String(value), place: place + key)
        }
        self.values = values
        self.warnings = warnings
    }

    private init() {
        values = [:]
        warnings = []
    }

    /// The value of a setting, from the environment or else from the file.
    package func value(_ name: String) -> String? { setting(name)?.text }

    /// The same with where it is from.
    package func setting(_ name: String) -> Setting? {
        assert(SettingName.all.contains(name), "add \(name) to the names of settings")
        if let text = Environment.value(name) { return Setting(name, text) }
        return values[name].flatMap { $0.text.isEmpty ? nil : $0 }
    }

    /// Says of each variable that is nearly one of ours that nobody reads it: with a misspelt lock
    /// file two deployments would run at once.
    ///
    /// No more than that, because it may be somebody else's after all.
    package static func warnOfMisspeltVariables(_ tool: String) {
        for name in Environment.names(beginningWith: "DEPLOY").sorted() {
            guard let meant = SettingName.nearMiss(name) else { continue }
            Terminal.complain(
                "\(tool): warning: the environment has \(name), which is not read; did you mean "
                    + "\(meant)?")
        }
    }

    /// What stands behind the equals sign, without its comment and its quotes.
    private static func value(_ text: Substring) -> Substring {
        let trimmed = text.trimming(while: \.isWhitespace)
        if let quote = trimmed.first, quote == "\"" || quote == "'" {
            let inner = trimmed.dropFirst()
            // A quote may be part of what is quoted; the one that ends it has nothing behind it.
            let end = inner.indices.first { index in
                inner[index] == quote
                    && withoutComment(inner[inner.index(after: index)...]).isEmpty
            }
            if let end { return inner[..<end] }
        }
        return withoutComment(text)
    }

    /// The text up to a `#` behind a blank; one between two quotes, as in a command, is no comment.
    private static func withoutComment(_ text: Substring) -> Substring {
        var position = text.startIndex
        var isBehindBlank = false
        while position < text.endIndex {
            let sign = text[position]
            if sign == "#", isBehindBlank { break }
            isBehindBlank = sign.isWhitespace
            let next = text.index(after: position)
            let isQuote = sign == "\"" || sign == "'"
            let close = isQuote ? text[next...].firstIndex(of: sign) : nil
            position = close.map { text.index(after: $0) } ?? next
        }
        return text[..<position].trimming(while: \.isWhitespace)
    }
}

extension Substring {
    /// Without the characters at both ends that satisfy the condition.
    package func trimming(while condition: (Character) -> Bool) -> Substring {
        var rest = drop(while: condition)
        while let last = rest.last, condition(last) { rest.removeLast() }
        return rest
    }
}
