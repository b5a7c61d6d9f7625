import ArgumentParser
import CommandSupport
import Glibc
import SystemCalls

/// Where a report goes: standard output unless told otherwise.
struct ReportDestination: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write to this file, replacing it atomically.",
            valueName: "file"), completion: .file())
    var output: String?

    @Flag(help: "Append to the summary of a step of GitHub Actions ($GITHUB_STEP_SUMMARY).")
    var summary = false

    /// GitHub refuses a step's summary that is larger.
    ///
    /// Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>
    static let largestSummary = 1 << 20

    func validate() throws {
        if output != nil && summary {
            throw ValidationError("--output and --summary exclude each other")
        }
        if output?.isEmpty == true {
            throw ValidationError("--output is empty; name the file")
        }
    }

    /// The place; that there is none is a mistake to be told before the work.
    func open() throws -> Place {
        if let output { return .file(output) }
        guard summary else { return .standardOutput }
        guard let path = Environment.value("GITHUB_STEP_SUMMARY") else {
            throw ValidationError(
                "--summary requires GITHUB_STEP_SUMMARY, which GitHub Actions sets; elsewhere use "
                    + "--output")
        }
        return .summary(path)
    }

    /// Where to.
    enum Place {
        case standardOutput
        case file(String)
        /// What is appended to, as further steps may have written there.
        case summary(String)

        /// How many bytes may be written.
        func room() throws -> Int {
            guard case .summary(let path) = self else { return .max }
            let used = (try? FileSystem.status(path).size) ?? 0
            // A blank line is put between.
            return max(0, ReportDestination.largestSummary - used - 1)
        }

        func write(_ text: String) throws {
            switch self {
            case .standardOutput: try StandardOutput.print(text)
            case .file(let path):
                do throws(SystemError) {
                    try FileReplacement.write(Array(text.utf8), to: path)
                } catch {
                    throw Failure.unwritable(path, error)
                }
            case .summary(let path):
                do throws(SystemError) {
                    try append(text, to: path)
                } catch {
                    throw Failure.because("cannot write \(path): \(error.reason)")
                }
            }
        }

        private func append(_ text: String, to path: String) throws(SystemError) {
            let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_APPEND, mode: 0o644)
            let used = try file.status().size
            do throws(SystemError) {
                try file.write(Array(((used > 0 ? "\n" : "") + text).utf8))
            } catch {
                // Half a table would swallow what other steps write below it.
                try? file.truncate(to: used)
                throw error
            }
        }
    }
}
