import CommandSupport
import DeployLock
import Glibc
import Ledger
import Processes
import SystemCalls

/// The keeper of a lost wrapper, once it has become this program: it records the loss at once,
/// waits for the command, and does the rest as the wrapper would have.
///
/// It has no standard streams. What goes wrong stands in the ticket, and the next deployment
/// records it.
struct Successor: Sendable {
    private let succession: Succession
    private let recorder: Recorder
    private let signals: SignalInbox
    /// The command, or why there is none.
    private let command: Result<AdoptedCommand, SystemError>

    /// Takes the wrapper's place if this process was started for that; the result is its exit code.
    ///
    /// The arguments are the keeper's name, the command's pid or minus an `errno`, and those of a
    /// `Succession`.
    static func run(_ arguments: [String]) -> CInt? {
        guard arguments.count >= 3, arguments[0] == Keeper.name, let number = CInt(arguments[1]),
            let succession = Succession(arguments.dropFirst(2))
        else { return nil }
        Keeper.takeName()
        let writer = LedgerWriter(succession.settings)
        let log = succession.isLogged == true ? EventLog(lock: succession.lockFile) : nil
        guard let signals = insist({ () throws(SystemError) in try SignalInbox.open() }),
            let recorder = insist({ () throws(SystemError) in try Recorder(writer, log: log) })
        else {
            Keeper.outlive(number, inherited: succession.lock, ticket: succession.ticket)
            return ExitCodes.systemError
        }
        Successor(
            succession: succession, recorder: recorder, signals: signals,
            command: number > 0
                ? .success(AdoptedCommand(pid: number))
                : .failure(SystemError("exec", code: -number))
        ).run()
        return EXIT_SUCCESS
    }

    /// Tries again what fails for want of memory or descriptors: nobody else waits for the command.
    private static func insist<Value>(_ attempt: () throws(SystemError) -> Value) -> Value? {
        for _ in 1...100 {
            if let value = try? attempt() { return value }
            usleep(50_000)
        }
        return nil
    }

    private func run() {
        guard let raw = succession.ticket, let path = succession.ticketPath,
            let number = succession.number
        else { return runInside() }
        let ticket = Ticket(number: number, path: path, inheriting: FileDescriptor(owning: raw))
        guard let lockRaw = succession.lock else { return }
        do {
            try ticket.descriptor.closeOnExec()
        } catch {
            // Not ours; any other error only leaves it to a helper.
            if error.code == EBADF { return }
        }
        let lock = LockFile(
            at: succession.lockFile, inheriting: FileDescriptor(owning: lockRaw))
        try? lock.descriptor.closeOnExec()
        run(lock, ticket)
    }

    private func run(_ lock: consuming LockFile, _ ticket: consuming Ticket) {
        let queue = WaitQueue(
            LockPaths(lockFile: succession.lockFile, infoFile: succession.infoFile))
        let release = Release(
            events: succession.events, paths: queue.paths, recorder: recorder, queue: queue,
            waited: succession.waitedUs ?? 0, acquiredMonoUs: succession.sinceMonoUs,
            lockCameFreeAt: succession.lockCameFreeAtUs)
        let text = ticket.text
        let known = StaleTickets.events(text).lines
        if text.hasEnded {
            // It was killed on the way from the outcome to the record.
            _ = release.finish(lock, ticket, text.forced, [], known) { _ in }
            return
        }
        let lost = succession.events.wrapperLost()
        ticket.resume(entries: [lost.text])
        recorder.enqueue(known + [lost], sweep: release.sweep(before: ticket.number)) { _ in }
        var conclusion = conclude(known, lock, ticket)
        while !ticket.closesToInnerDeployments(), !InnerDeployments(of: ticket.path).isEmpty {
            usleep(50_000)
        }
        let output = succession.state?.logFile.flatMap { LostOutput(at: $0) }
        conclusion.output = output?.record()
        _ = release.run(lock, ticket, conclusion, [], nil) { _ in }
        output?.finish(conclusion, lock: succession.lockFile)
    }

    /// The same for a call inside another deployment, which waits for us.
    private func runInside() {
        let mark = succession.lock.map { FileDescriptor(owning: $0) }
        try? mark?.closeOnExec()
        // The ledger may have it already, and keeps one.
        if let beginning = succession.beginning.flatMap({ EventEnvelope(text: $0) }) {
            recorder.enqueue([beginning]) { _ in }
        }
        let ending = ending
        let held = Clock.monotonicMicroseconds() - succession.sinceMonoUs
        let end = succession.events.nestedEnd(
            held: held, ending: ending, reason: "its wrapper was lost")
        _ = recorder.record([end]) { _ in }
        try? mark?.unlockRecord()
    }

    private var ending: Ending {
        switch command {
        case .success(let command): Ending(command.wait(signals: signals) ?? .unknown)
        case .failure(let error): Ending(startFailure: error)
        }
    }

    /// Waits for the step that runs, within its limits, and records what has become of it.
    private func conclude(
        _ known: [EventEnvelope], _ lock: borrowing LockFile, _ ticket: borrowing Ticket
    ) -> Conclusion {
        guard let state = succession.state else { return Conclusion(ending, commandUs: nil) }
        let step = LastStep(state, succession.events)
        let command: AdoptedCommand
        switch self.command {
        case .success(let found): command = found
        case .failure(let error): return step.conclude(startFailure: error).conclusion
        }
        var isOverdue = false
        var status = command.wait(signals: signals, until: state.deadlineMonoUs)
        if status == nil {
            isOverdue = true
            if state.step == .command {
                record(
                    step.overran(held: Clock.monotonicMicroseconds() - succession.sinceMonoUs),
                    ticket)
            }
            CommandEnding(grace: state.graceUs, say: { _ in }).run(below: getpid(), lock: lock) {
                if status == nil {
                    status = command.wait(signals: signals, until: $0)
                } else {
                    _ = try? Poll.readable([], until: $0)
                }
                return status != nil
            }
        }
        let (conclusion, event) = step.conclude(
            status ?? .unknown, isOverdue: isOverdue, known: known)
        if let event { record(event, ticket) }
        return conclusion
    }

    private func record(_ event: EventEnvelope, _ ticket: borrowing Ticket) {
        ticket.note(nil, entries: [event.text])
        recorder.enqueue([event]) { _ in }
    }
}
