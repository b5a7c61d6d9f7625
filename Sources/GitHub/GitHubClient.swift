import FoundationEssentials
import Glibc
import Processes
import SystemCalls

/// Asks GitHub's REST API through `gh api`, which sees to tokens, hosts, certificates and proxies.
package struct GitHubClient: Sendable {
    /// The program.
    private let program: String
    /// How long one request may take, in µs.
    private let timeout: Int64

    /// A client that runs `program` for each request, no longer than `timeout` in µs.
    package init(program: String = "gh", timeout: Int64) {
        self.program = program
        self.timeout = timeout
    }

    /// Asks about a repository and decodes the answer.
    ///
    /// - Parameters:
    ///   - path: what follows `repos/OWNER/NAME/`.
    ///   - query: parameters, not yet encoded.
    ///   - subject: what is asked about, for the message when there is no such thing.
    package func get<Value: Decodable>(
        _ type: Value.Type, of repository: Repository, _ path: String,
        query: [(name: String, value: String)] = [], subject: String
    ) throws(GitHubError) -> Value {
        var address = "repos/\(repository.path)/\(path)"
        if !query.isEmpty {
            address +=
                "?"
                + query.map { "\($0.name)=\(Self.encoded($0.value))" }
                .joined(separator: "&")
        }
        var arguments = [program, "api", "--include", "--method", "GET"]
        if let host = repository.host { arguments += ["--hostname", host] }
        let body = try run(arguments + [address], subject: subject)
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch {
            throw .garbage("no JSON of the expected form for \(subject)")
        }
    }

    /// Asks once more after a pause when the trouble is one that passes.
    private func run(
        _ arguments: [String], subject: String
    ) throws(GitHubError) -> ArraySlice<UInt8> {
        do throws(GitHubError) {
            return try runOnce(arguments, subject: subject)
        } catch {
            guard error.isPassing else { throw error }
            usleep(Self.pauseMicroseconds)
            return try runOnce(arguments, subject: subject)
        }
    }

    private static let pauseMicroseconds: UInt32 = 1_000_000

    private func runOnce(
        _ arguments: [String], subject: String
    ) throws(GitHubError) -> ArraySlice<UInt8> {
        let run: CapturedRun
        do {
            run = try Command(arguments).capture(environment: Self.settings, timeout: timeout)
        } catch {
            throw .noClient(program: program, reason: error.reason)
        }
        guard let status = run.status else { throw .timedOut(timeout) }
        let answer = GitHubAnswer(run.output)
        let words = Self.firstLine(run.errors)
        if let problem = answer.problem(asking: subject, words: words) { throw problem }
        guard status == .exited(0) else {
            // gh's own code for "log in first", `gh help exit-codes`.
            // What it says then is how to use it on a terminal.
            if status == .exited(4) { throw .notAuthenticated("it has no token") }
            throw .unreachable(words.isEmpty ? "gh ended with code \(status.code)" : words)
        }
        guard answer.status != nil else { throw .garbage("gh printed no status of HTTP") }
        return answer.body
    }

    /// Plain output, no questions, whatever the caller's terminal is set to; `gh help environment`.
    private static let settings = [
        (name: "GH_PROMPT_DISABLED", value: "1"), ("GH_NO_UPDATE_NOTIFIER", "1"),
        ("GH_FORCE_TTY", ""), ("CLICOLOR_FORCE", "0"), ("NO_COLOR", "1"), ("GH_DEBUG", ""),
        ("DEBUG", ""),
    ]

    private static func firstLine(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes.prefix(4096), as: UTF8.self)
        let line = text.split(whereSeparator: \.isNewline).first ?? ""
        return String(line.hasPrefix("gh: ") ? line.dropFirst(4) : line)
    }

    /// Percent-encoding of everything but the unreserved characters of RFC 3986.
    package static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return result
    }
}
