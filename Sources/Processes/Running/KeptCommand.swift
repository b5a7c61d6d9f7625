import CKeeper
package import Glibc
package import SystemCalls

/// A command below a keeper, seen by the wrapper.
package struct KeptCommand: ~Copyable {
    /// How it ended.
    package enum End: Hashable, Sendable {
        /// It ran.
        case ended(ExitStatus)
        /// It was never executed.
        case notStarted(SystemError)
    }

    /// The keeper's process.
    package let keeper: pid_t
    /// The command's process, its own until `dismiss`; nil before it exists.
    package private(set) var pid: pid_t?

    /// The signals that asked us to stop while it ran, in their order; those passed on included.
    package private(set) var stops: [CInt] = []
    /// Whether signals are passed on; if not, one that asks us to stop ends `wait` early.
    package var passesOnSignals = true
    /// How many of them have ended `wait`.
    private var noticed = 0

    private let name: String
    private let socket: FileDescriptor
    private var end: End?
    /// Whether the keeper lives.
    private var isKept = true
    private var delivery = SignalDelivery()

    init(keeper: pid_t, name: String, socket: consuming FileDescriptor) {
        self.keeper = keeper
        self.name = name
        self.socket = socket
    }

    /// How long the keeper may take to go once all is done, in µs; one that was stopped does not.
    private static let farewell: Int64 = 1_000_000

    /// Waits until the command's process exists, or cannot.
    ///
    /// Takes the signals that have come until then: whether such a one came before the command
    /// existed, only the keeper can tell. What comes later to the group comes to the command, too.
    package mutating func awaitStart(signals: SignalInbox) {
        while isKept, pid == nil, end == nil {
            _ = try? Poll.readable([socket.rawValue], until: nil)
            receive()
        }
        take(signals, mayBeEarly: true)
    }

    /// Waits until the command is really gone and passes on the signals that come meanwhile, but
    /// no longer than until `deadline`, in µs of the monotonic clock; nil when it still runs then.
    package mutating func wait(signals: SignalInbox, until deadline: Int64?) -> End? {
        while true {
            if let end { return end }
            if !passesOnSignals, stops.count > noticed {
                noticed = stops.count
                return nil
            }
            let until = [deadline, delivery.deadline].compactMap(\.self).min()
            let descriptors = [signals.descriptor] + (isKept ? [socket.rawValue] : [])
            _ = try? Poll.readable(descriptors, until: until)
            receive()
            take(signals)
            if !isKept, end == nil { reapCommand() }
            if let deadline, end == nil, Clock.monotonicMicroseconds() >= deadline { return nil }
        }
    }

    /// The same as long as it takes.
    package mutating func wait(signals: SignalInbox) -> End {
        while true {
            if let end = wait(signals: signals, until: nil) { return end }
        }
    }

    // Not inlined into other modules: the optimizer of Swift 6.3 crashes there on C's structures.
    /// Lets the keeper go, because all is done; from then on the command's pid may be anybody's.
    @_semantics("optimize.no.crossmodule")
    package func dismiss() {
        if isKept { socket.send(message(DEPLOY_KEEPER_DONE)) }
    }

    /// Waits until the keeper has gone.
    ///
    /// - Parameter insists: ends one that does not go: it must not take our place, because we go on.
    package consuming func reap(insists: Bool = false) {
        guard isKept else { return }
        let deadline = Clock.monotonicMicroseconds() + Self.farewell
        var hasGone = false
        if let process = try? FileDescriptor.process(keeper) {
            hasGone = (try? Poll.readable([process.rawValue], until: deadline))?.isEmpty == false
        }
        if !hasGone {
            guard insists else { return }
            // Our child, so the pid is its own until we have waited for it.
            kill(keeper, SIGKILL)
        }
        // Its processor time, and the command's, become ours.
        _ = try? ExitStatus.ofEnded(keeper)
    }

    private mutating func receive() {
        while isKept {
            switch socket.receive(as: deploy_keeper_message()) {
            case .nothing: return
            case .closed: loseKeeper()
            case .received(let message): understand(message)
            }
        }
    }

    private mutating func understand(_ message: deploy_keeper_message) {
        switch deploy_keeper_kind(UInt32(bitPattern: message.kind)) {
        case DEPLOY_KEEPER_STARTED: pid = message.value
        case DEPLOY_KEEPER_FAILED:
            end = end ?? .notStarted(SystemError("exec", name, code: message.value))
        case DEPLOY_KEEPER_SIGNAL:
            delivery.witnessed(message.value, from: message.sender)
        case DEPLOY_KEEPER_ENDED:
            end = end ?? .ended(ExitStatus(waitStatus: message.value))
        case DEPLOY_KEEPER_ANSWER: delivery.isAnswered(message.value)
        default: break
        }
    }

    /// The keeper was killed.
    ///
    /// First it is waited for, because its end hands the command over to us.
    private mutating func loseKeeper() {
        _ = try? ExitStatus.ofEnded(keeper)
        isKept = false
        if end == nil, pid == nil {
            end = .notStarted(SystemError("fork", name, code: EAGAIN))
        }
    }

    private mutating func reapCommand() {
        guard let pid else { return }
        // Where somebody took it from us, never spin on it.
        do { end = try ExitStatus.ifEnded(pid).map(End.ended) } catch { end = .ended(.unknown) }
    }

    private mutating func take(_ signals: SignalInbox, mayBeEarly: Bool = false) {
        guard end == nil, let pid else { return }
        while let signal = signals.next() {
            if signal.number == SIGCHLD { continue }
            if SignalInbox.stopping.contains(signal.number) { stops.append(signal.number) }
            if !passesOnSignals { continue }
            delivery.add(signal, SignalRouting(command: pid), mayBeEarly: mayBeEarly)
        }
        for number in delivery.due(isWitnessed: isKept) { kill(pid, number) }
        if let question = delivery.question() {
            var question = message(DEPLOY_KEEPER_QUESTION, question)
            question.sender = 0
            socket.send(question)
        }
    }

    private func message(_ kind: deploy_keeper_kind, _ value: Int32 = 0) -> deploy_keeper_message {
        deploy_keeper_message(kind: Int32(kind.rawValue), value: value, sender: 0, code: 0)
    }
}
