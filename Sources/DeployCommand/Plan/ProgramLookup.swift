import ArgumentParser
import CommandSupport
import Processes
import SystemCalls

/// Looks for the programs of a check and a rollback before anything runs: that one of them is
/// missing must not turn out when it is needed.
enum ProgramLookup {
    /// A command line for `/bin/sh`.
    struct Line {
        let text: String
        /// What to call it in a message.
        let place: String

        init(_ text: String, place: String) {
            self.text = text
            self.place = place
        }

        /// The word that names its program; nil where only a shell can tell.
        var program: String? {
            let words = text.split(whereSeparator: \.isWhitespace)
            // What comes first may set variables.
            let first = words.first { word in
                guard let sign = word.firstIndex(of: "="), sign > word.startIndex else {
                    return true
                }
                return !word[..<sign].allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
            }
            guard let first, !first.contains(where: { "\"'\\$`*?[]{}()<>|&;~#!".contains($0) })
            else { return nil }
            return String(first)
        }
    }

    private static let timeout: Int64 = 5_000_000

    /// - Throws: a usage error for one that is not found.
    static func require(_ line: Line?) throws {
        guard let line else { return }
        if line.text.allSatisfy(\.isWhitespace) {
            throw ValidationError("\(line.place) requires a command")
        }
        guard let program = line.program else { return }
        // The shell knows its own words and where programs are.
        let search = Command(["/bin/sh", "-c", "command -v -- \"$1\"", "sh", program])
        guard let run = try? search.capture(timeout: timeout), let status = run.status,
            status.code != 0
        else { return }
        throw ValidationError(
            "\(line.place): \(program) is not found or not executable; nothing was run")
    }
}
