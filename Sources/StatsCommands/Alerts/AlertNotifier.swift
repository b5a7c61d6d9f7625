import ArgumentParser
import CommandSupport
import Glibc
import JSON
import DeploymentMetrics
import Notifications
import Processes
import Queries
import Reporting
import SystemCalls
import Wording

/// Tells a command of every new alert once, and once that it is over.
struct AlertNotifier {
    /// What the shell runs.
    let command: String
    /// How long it may take, in microseconds.
    let timeout: Int64
    /// The file that remembers who was told what.
    let path: String

    /// How long another run may take before this one gives up, in microseconds.
    private static let patience: Int64 = 30_000_000
    private static let largestState = 4 << 20

    /// Tells what is new in a report.
    ///
    /// - Parameters:
    ///   - ledger: the path of the ledger.
    ///   - makeReport: looks; called when nobody else is telling, so that each run knows what the
    ///     one before has told.
    /// - Returns: the report, and whether everything could be told.
    func tell(
        ledger: String, _ makeReport: () throws -> AlertReport
    ) throws -> (AlertReport, isTold: Bool) {
        let claim = try claim()
        var state = read()
        let report = try makeReport()
        var isTold = true
        var problem: SystemError?
        for alert in state.new(in: report) {
            if run(Notification(firing: alert, in: report, ledger: ledger)) {
                state.add(alert)
                problem = write(state)
            } else {
                isTold = false
            }
        }
        for entry in state.ended(in: report) {
            if run(Notification(resolved: entry, in: report, ledger: ledger)) {
                state.remove(entry)
                problem = write(state)
            } else {
                isTold = false
            }
        }
        _ = consume claim
        if let problem {
            Terminal.complain(
                "deploystats: cannot save the notification state, so notifications repeat: \(problem); see "
                    + "--state"
            )
            isTold = false
        }
        return (report, isTold)
    }

    /// Runs the command; whether it has taken note.
    private func run(_ notification: Notification) -> Bool {
        let helper = HelperCommand(command, timeoutMicroseconds: timeout)
        guard let problem = helper.tell(notification.json.line, timeout: timeout) else {
            return true
        }
        Terminal.complain(
            "deploystats: the command of --notify \(problem); the next run tries again")
        return false
    }

    /// Keeps other runs from telling the same; nil where the file system takes nothing.
    ///
    /// A disk that is full or was made read-only after an error is what alerts are for: then
    /// somebody is rather told twice than not at all. A place that never was one is a mistake.
    private func claim() throws -> FileDescriptor? {
        if let status = try? FileSystem.status(path), !status.isRegularFile {
            // It would be replaced: /dev/null would be a file from then on.
            throw Failure.because(
                "cannot save the notification state in \(path): it is not a regular file; see --state"
            )
        }
        do {
            let file = try openLock()
            let deadline = Clock.monotonicMicroseconds() + Self.patience
            while try !file.tryLock(.exclusive) {
                guard Clock.monotonicMicroseconds() < deadline else {
                    throw Failure.because("another run that uses \(path) is still in progress")
                }
                usleep(20_000)
            }
            return file
        } catch let error as SystemError {
            if [EROFS, ENOSPC, EDQUOT, EIO].contains(error.code) { return nil }
            throw Failure.because("cannot save the notification state: \(error); see --state")
        }
    }

    private func openLock() throws(SystemError) -> FileDescriptor {
        let directory = try Directory.open(Path.parent(of: path), followingLinks: true)
        let name = Path.name(of: path) + ".lock"
        let access = access
        for _ in 0..<3 {
            do {
                return try directory.create(name, access)
            } catch {
                if error.code != EEXIST { throw error }
            }
            // Made by an earlier version, or before the directory was shared.
            try? access.apply(to: path + ".lock")
            do {
                // Reading is enough for a lock.
                return try directory.open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY)
            } catch {
                if error.code != ENOENT { throw error }
            }
        }
        throw SystemError("open", path + ".lock", code: EBUSY)
    }

    /// Whoever may write the directory, such as that of a shared ledger, may tell alerts.
    private var access: FileAccess {
        (try? FileSystem.status(Path.parent(of: path))).map { FileAccess(sharedIn: $0) }
            ?? FileAccess(mode: 0o600)
    }

    /// What was told; nothing when that is not known.
    private func read() -> AlertState {
        do {
            let bytes = try FileSystem.readUntrusted(path, limit: Self.largestState).bytes
            if let state = AlertState(String(decoding: bytes, as: UTF8.self)) { return state }
            Terminal.complain(
                "deploystats: \(path) is not a notification state; all alerts are sent again")
        } catch {
            if error.code != ENOENT {
                Terminal.complain("deploystats: \(error); all alerts are sent again")
            }
        }
        return AlertState()
    }

    /// Remembers what was told; what is in the way when it cannot.
    private func write(_ state: AlertState) -> SystemError? {
        do {
            try FileReplacement.write(Array((state.json.line + "\n").utf8), to: path, access)
            return nil
        } catch {
            return error
        }
    }
}
