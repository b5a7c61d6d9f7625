import ArgumentParser
import Glibc
import SystemCalls

/// Standard output of tools that print little.
package enum StandardOutput {
    /// Prints a text and makes sure that it is out; what cannot be written ends the run.
    package static func print(_ text: String) throws {
        Swift.print(text, terminator: "")
        guard fflush(nil) == 0 else {
            let reason = SystemError("write").reason
            Terminal.complain("standard output cannot be written: \(reason)")
            throw ExitCode.failure
        }
    }

    /// How many columns the terminal has; nil when it is none.
    package static var columns: Int? {
        isatty(STDOUT_FILENO) == 1 ? Terminal.columns(of: STDOUT_FILENO) : nil
    }

    /// Whether it is a terminal that can be cleared and drawn anew.
    package static var canRedraw: Bool {
        isatty(STDOUT_FILENO) == 1 && Environment.value("TERM").map { $0 != "dumb" } ?? false
    }
}
