package import Processes
import SystemCalls
import Wording

extension HelperCommand {
    /// Gives it a line to read; what was wrong with its end, such as `exited with 3`, or nil.
    ///
    /// - Parameters:
    ///   - timeout: what it was given, for the words.
    ///   - abandoned: readable when nobody waits any more.
    package func tell(_ line: String, timeout: Int64, abandoned: CInt? = nil) -> String? {
        do {
            switch try run(input: Array((line + "\n").utf8), abandoned: abandoned) {
            case .ended(.exited(0)): return nil
            case .ended(.exited(let code)): return "exited with \(code)"
            case .ended(.signalled(let signal)): return "was ended by signal \(signal)"
            case .timedOut: return "took longer than \(DurationText.text(microseconds: timeout))"
            case .abandoned: return "was ended because the deployment was told to stop"
            }
        } catch {
            return "could not be started: \(error)"
        }
    }
}
