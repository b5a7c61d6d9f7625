import Processes
import SystemCalls

/// The version that another program of ours says it is.
enum ToolVersion {
    /// Nil when it does not answer.
    static func of(_ path: String) -> String? {
        guard let run = try? Command([path, "--version"]).capture(timeout: 5_000_000),
            run.status == .exited(0)
        else { return nil }
        let words = String(decoding: run.output, as: UTF8.self)
        return words.split(whereSeparator: \.isWhitespace).last.map(String.init)
    }
}
