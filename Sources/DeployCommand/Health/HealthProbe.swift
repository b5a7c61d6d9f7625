import CommandSupport
import Glibc
import Ledger
import SystemCalls

/// What one attempt of a check runs, and what its end means.
struct HealthProbe: ~Copyable {
    let plan: HealthPlan
    /// With its templates replaced; nil when the answer may be anything.
    private let expected: String?
    /// What the attempt prints; a file in memory, so that nothing ends it when we are gone.
    let output: FileDescriptor

    /// What is kept of an answer, in bytes; curl gives up on a longer one.
    private static let longestAnswer = 16 << 20
    /// What is kept of it for the record, in bytes.
    private static let tail = 2048

    init(_ plan: HealthPlan, sha: String?, number: Int64) throws(SystemError) {
        self.plan = plan
        output = try .inMemory([])
        if case .url(_, let text?, _) = plan.probe {
            expected = Template.fill(text, ["sha": sha ?? "", "number": String(number)])
        } else {
            expected = nil
        }
    }

    var arguments: [String] {
        switch plan.probe {
        case .command(let line): return ["/bin/sh", "-c", line]
        case .url(let url, _, let followsRedirects):
            let seconds = Double(plan.timeout) / 1_000_000
            return [
                "curl", "--silent", "--show-error", "--globoff", "--max-time", "\(seconds)",
                "--max-filesize", "\(Self.longestAnswer)", "--write-out", "\n%{http_code}",
            ] + (followsRedirects ? ["--location", "--max-redirs", "10"] : []) + ["--", url]
        }
    }

    /// Keeps an attempt that prints without end from filling the memory.
    func bound() {
        guard let size = try? output.status().size, size > 2 * Self.longestAnswer else { return }
        try? output.truncate(to: 0)
    }

    /// What the end of an attempt means, and why in words.
    func judge(_ end: StepProcess.End) -> (result: StepResult, why: String) {
        if end.signal != nil { return (.interrupted, "interrupted") }
        if end.isOverdue { return (.timedOut, "no answer in time") }
        guard let status = end.status else {
            return (.notRun, end.failure.map { "\($0)" } ?? "not started")
        }
        switch plan.probe {
        case .command: return judge(status)
        case .url: return judgeAnswer(status)
        }
    }

    /// A shell says 126 and 127 of a program that it cannot run: no attempt changes that.
    private func judge(_ status: ExitStatus) -> (StepResult, String) {
        switch status.code {
        case 0: (.healthy, "exit code 0")
        case ExitCodes.notFound: (.notRun, "command not found (exit code 127)")
        case ExitCodes.notExecutable: (.notRun, "command not executable (exit code 126)")
        default: (.unhealthy, Ending(status).words)
        }
    }

    private func judgeAnswer(_ status: ExitStatus) -> (StepResult, String) {
        guard status.code == 0 else {
            // 127 when curl has gone since it was looked up.
            let isMissing = status == .exited(ExitCodes.notFound)
            return (isMissing ? .notRun : .unhealthy, "curl \(Ending(status).words)")
        }
        // The answer, and behind it what --write-out adds.
        let answer = (try? output.read(count: Self.longestAnswer + 64, at: 0)) ?? []
        let code = String(decoding: answer.suffix(3), as: UTF8.self)
        guard code.first == "2" else { return (.unhealthy, "HTTP status \(code)") }
        if let expected, !Self.contains(answer.dropLast(4), expected) {
            return (
                .unhealthy, "HTTP status \(code), and the answer does not contain '\(expected)'"
            )
        }
        return (.healthy, "HTTP status \(code)")
    }

    private static func contains(_ bytes: ArraySlice<UInt8>, _ text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard let first = wanted.first else { return true }
        var rest = bytes
        while let start = rest.firstIndex(of: first) {
            rest = rest[start...]
            if rest.starts(with: wanted) { return true }
            rest = rest.dropFirst()
        }
        return false
    }

    /// The end of what the attempt printed; nil when it printed nothing.
    var printed: String? {
        guard let size = try? output.status().size, size > 0 else { return nil }
        let start = max(0, Int(size) - Self.tail)
        var bytes = ((try? output.read(count: Self.tail, at: start)) ?? [])[...]
        if !plan.isJudgedByCode, let end = bytes.lastIndex(of: UInt8(ascii: "\n")) {
            // What --write-out added.
            bytes = bytes[..<end]
        }
        bytes = bytes.drop { $0 == 0 }
        let text = String(decoding: bytes, as: UTF8.self)[...].trimming(while: \.isWhitespace)
        return text.isEmpty ? nil : String(text)
    }
}

/// A text with places for values.
enum Template {
    /// Replaces each `{name}` by its value, once.
    static func fill(_ text: String, _ values: [String: String]) -> String {
        var result = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            result += rest[..<open]
            rest = rest[open...]
            guard let close = rest.firstIndex(of: "}"),
                let value = values[String(rest[rest.index(after: open)..<close])]
            else {
                result.append(rest.removeFirst())
                continue
            }
            result += value
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }
}
