import CommandSupport
import DeployLock
import Glibc
import Ledger
import Processes
import SystemCalls
import Wording

/// Where is asked whether deployments are frozen.
enum FreezeSource: Sendable {
    /// Nobody is asked.
    case nowhere
    /// The lock on this machine.
    case local(WaitQueue, LedgerSettings)
    /// The lock where a command leads, such as `ssh server`, and as somebody named it.
    case via(String, lock: String?, timeout: Int64)

    /// Whether anybody is asked.
    var isAsked: Bool {
        if case .nowhere = self { return false }
        return true
    }

    /// Why it is unknown.
    struct Problem: Error {
        let words: String
    }

    /// What is frozen; nil for nothing.
    func read() throws(Problem) -> QueueFreeze? {
        switch self {
        case .nowhere: return nil
        case .local(let queue, let ledger):
            do throws(LockError) {
                return QueueFreeze(try queue.freezes(or: ledger))
            } catch {
                throw Problem(words: error.description)
            }
        case .via(let command, let lock, let timeout):
            return try Self.ask(command, lock, timeout)
        }
    }

    private static func ask(
        _ command: String, _ lock: String?, _ timeout: Int64
    ) throws(Problem) -> QueueFreeze? {
        var words = ["deploystats", "freezes", "--format", "json"]
        if let lock { words.append("--lock-file=\(lock)") }
        // One word, as `ssh` and `sh -c` require it.
        let shell = Command([
            "/bin/sh", "-c", "\(command) \"$1\"", "sh", ShellText.quoted(words),
        ])
        let run: CapturedRun
        do throws(SystemError) {
            run = try shell.capture(timeout: timeout, withChildren: true, limit: 1 << 20)
        } catch {
            throw Problem(words: "cannot run '\(command)': \(error)")
        }
        guard let status = run.status else {
            let time = DurationText.text(microseconds: timeout)
            throw Problem(words: "'\(command)' did not finish within \(time)")
        }
        guard status == .exited(0) else {
            let line =
                String(decoding: run.errors, as: UTF8.self)
                .split(whereSeparator: \.isNewline).last.map { ": \($0)" } ?? ""
            throw Problem(words: "'\(command)' ended with code \(status.code)\(line)")
        }
        do {
            return try QueueFreeze.read(run.output)
        } catch {
            throw Problem(words: "'\(command)' printed no list of freezes")
        }
    }
}
