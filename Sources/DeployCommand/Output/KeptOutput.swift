import CommandSupport
import Glibc
import Ledger
import Processes
import Synchronization
import SystemCalls
import Wording

/// The output of one deployment in a file that the command writes itself.
///
/// A killed wrapper or a lost connection loses what is shown of it, never the deployment: a pipe or
/// a terminal would end the command with whoever reads it.
final class KeptOutput: Sendable {
    /// Where it is.
    let path: String
    let name: LogName
    /// Where the command writes, for `Keeping`.
    let descriptor: CInt

    private let directory: Directory
    /// Open as long as the deployment may start something that writes; its lock, which what is
    /// started shares, keeps the file from being compressed or removed.
    private let writing: Mutex<FileDescriptor?>
    private let reading: FileDescriptor
    private let follower: OutputFollower
    /// Where the output of the command ends and that of a rollback begins.
    private let commandEnd = Mutex(0)

    /// What became of the attempt to open it.
    enum Opening: Sendable {
        case open(KeptOutput)
        /// In a sentence.
        case failed(String)
    }

    /// How long a disk may take to answer, in µs: the deployment waits for it.
    private static let patience: Int64 = 2_000_000

    /// Opens the file of a deployment and reserves its space.
    static func open(_ plan: OutputPlan, number: Int64, deployment: EventID) -> Opening {
        let name = LogName(number: number, deployment: deployment)
        let deadline = Clock.monotonicMicroseconds() + patience
        let attempt = try? Background.start { create(plan, name) }
        guard let attempt else { return .failed("no thread can be started") }
        return attempt.result(by: deadline)
            ?? .failed("\(plan.directory) did not respond in time")
    }

    private static func create(_ plan: OutputPlan, _ name: LogName) -> Opening {
        do {
            return .open(try KeptOutput(plan, name))
        } catch {
            let failure = error as? SystemError
            var text = "\(error)"
            if failure?.call == "fallocate" {
                text =
                    "cannot reserve \(SizeText.text(bytes: plan.reserve)) in \(plan.directory): "
                    + "\(failure?.reason ?? ""); free some space or reserve less (--log-reserve)"
            } else if let advice = failure?.advice() {
                text += "; \(advice)"
            }
            return .failed(text)
        }
    }

    private init(_ plan: OutputPlan, _ name: LogName) throws {
        self.name = name
        path = plan.directory + "/" + name.text
        directory = try .make(plan.directory, plan.access.ofDirectory)
        let writing = try Self.make(name, plan, directory)
        do {
            reading = try directory.open(name.text, O_RDONLY)
            follower = try OutputFollower(reading.duplicate(atLeast: 0))
        } catch {
            try? directory.unlink(name.text)
            throw error
        }
        descriptor = writing.rawValue
        self.writing = Mutex(writing)
    }

    /// Makes the file, which has its name only once it is locked and has its space.
    private static func make(
        _ name: LogName, _ plan: OutputPlan, _ directory: borrowing Directory
    ) throws(SystemError) -> FileDescriptor {
        var attempt = 0
        while true {
            attempt += 1
            let draft = try directory.draft(
                of: name.text, plan.access, flags: O_WRONLY | O_APPEND, lock: .shared)
            do {
                try reserve(plan.reserve, draft.file)
                try directory.rename(draft.name, to: name.text)
                return draft.take()
            } catch {
                try? directory.unlink(draft.name)
                // Somebody took it for a dead process's before it was locked.
                if error.code != ENOENT || attempt == 3 { throw error }
            }
        }
    }

    /// A file system that can reserve nothing is no worse than one without this.
    private static func reserve(
        _ bytes: Int, _ file: borrowing FileDescriptor
    ) throws(SystemError) {
        guard bytes > 0 else { return }
        // Some file systems take all there is before they find that it is not enough.
        if try file.availableSpace() < bytes { throw SystemError("fallocate", code: ENOSPC) }
        do {
            try file.reserve(bytes)
        } catch {
            if error.code != EOPNOTSUPP, error.code != ENOSYS { throw error }
        }
    }

    /// What the command is told so that it still prints in colour: it writes to no terminal, but
    /// somebody looks at one.
    var environment: [(name: String, value: String)] {
        guard StandardOutput.isTerminal, Environment.value("NO_COLOR") == nil else { return [] }
        return ["FORCE_COLOR", "CLICOLOR_FORCE"].filter { Environment.value($0) == nil }
            .map { ($0, "1") }
    }

    /// Begins to show what is written, once the command has been started.
    func follow() { follower.start() }

    /// When something was last written, or the command started, monotonic clock in µs.
    var lastOutputAt: Int64 { follower.lastOutputAt }

    /// Notes that what is there now is what the command printed.
    func commandHasEnded() {
        commandEnd.withLock { $0 = (try? reading.status().size) ?? 0 }
    }

    /// Waits a little until what is there has been shown, so that what we say next comes after it.
    func settle() { follower.settle(within: Self.brief) }

    private static let brief: Int64 = 200_000

    /// What was written until now, the end of the deployment, for its record.
    func record() -> Conclusion.Output {
        let (size, hash) = follower.end(within: Self.patience)
        return Conclusion.Output(file: path, bytes: Int64(size), hash: hash)
    }

    /// Removes the file, of a command that was never executed.
    func discard() {
        try? directory.unlink(name.text)
    }

    /// Shows the rest, as far as somebody takes it, and gives back the space that was not needed.
    ///
    /// - Returns: what has to be said.
    func finish(signals: SignalInbox) -> [String] {
        let isShown = follower.drain(patience: Self.stall, limit: Self.longestDrain) {
            signals.nextForwarded() != nil
        }
        var words: [String] = []
        if !isShown {
            words.append("not all of the output could be shown; all of it is in \(path)")
        }
        if follower.wasEmptied {
            words.append(
                "a program opened /dev/stdout or /dev/stderr itself, which emptied \(path); "
                    + "'>&2' does not")
        }
        if (try? reading.status().links) == 0 {
            words.append("\(path) was removed while the deployment ran")
        }
        writing.withLock { $0 = nil }
        LogSpace.giveBack(directory, name)
        return words
    }

    /// How long nobody may take anything of the rest, and how long that may take in all, in µs; the
    /// lock is free meanwhile.
    private static let stall: Int64 = 5_000_000
    private static let longestDrain: Int64 = 60_000_000

    private static let tailLength = 20

    /// The last lines that the command printed, harmless for a terminal.
    var tail: [String] {
        var tail = LogTail(lines: Self.tailLength)
        return tail.lines(of: reading, upTo: commandEnd.withLock { $0 }) ?? []
    }
}
