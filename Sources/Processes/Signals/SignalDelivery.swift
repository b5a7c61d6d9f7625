import Glibc
import SystemCalls

/// Which signals that reached the wrapper have to be passed on to the command.
///
/// What a process sent may have been for the whole group or cgroup, and then the command has had
/// it: the keeper, which is in the same group and does nothing with signals, is the witness. Each
/// signal waits for its report for a moment and, because the keeper may have had no processor in
/// that time, until it has answered a question.
struct SignalDelivery {
    private struct Waiting {
        let signal: ReceivedSignal
        let since: Int64
        /// The number of the question whose answer is awaited, and until when.
        var question: (number: Int32, until: Int64)?
        var isAnswered = false
    }

    private struct Report {
        let number: CInt
        let sender: pid_t
        let at: Int64
    }

    private var waiting: [Waiting] = []
    private var reports: [Report] = []
    private var ready: [CInt] = []
    private var questions: Int32 = 0

    /// How long a report is waited for and counts, in µs: whoever signals a cgroup does it process
    /// by process.
    private static let patience: Int64 = 50_000
    /// How long an answer is waited for, in µs; a keeper that was stopped gives none.
    private static let longest: Int64 = 1_000_000

    /// When something has to be decided, monotonic clock in µs.
    var deadline: Int64? {
        waiting.map { $0.question?.until ?? $0.since + Self.patience }.min()
    }

    /// Takes a signal that reached the wrapper.
    mutating func add(
        _ signal: ReceivedSignal, _ routing: SignalRouting, mayBeEarly: Bool = false
    ) {
        switch routing.route(signal, mayBeEarly: mayBeEarly) {
        case .forward: ready.append(signal.number)
        case .drop: break
        case .askWitness:
            waiting.append(Waiting(signal: signal, since: Clock.monotonicMicroseconds()))
        }
    }

    /// The keeper got a signal, and so did the whole group.
    mutating func witnessed(_ number: CInt, from sender: pid_t) {
        reports.append(
            Report(number: number, sender: sender, at: Clock.monotonicMicroseconds()))
    }

    /// The keeper has reported all it had when question `number` came.
    mutating func isAnswered(_ number: Int32) {
        for index in waiting.indices where waiting[index].question?.number == number {
            waiting[index].isAnswered = true
        }
    }

    /// A question to send to the keeper now, if any.
    mutating func question() -> Int32? {
        let now = Clock.monotonicMicroseconds()
        var asked: Int32?
        for index in waiting.indices
        where waiting[index].question == nil && now >= waiting[index].since + Self.patience {
            if asked == nil {
                questions += 1
                asked = questions
            }
            waiting[index].question = asked.map { ($0, now + Self.longest) }
        }
        return asked
    }

    /// The signals to pass on now.
    mutating func due(isWitnessed: Bool) -> [CInt] {
        let now = Clock.monotonicMicroseconds()
        waiting.removeAll { entry in
            if reports.contains(where: {
                $0.number == entry.signal.number && $0.sender == entry.signal.sender
                    && $0.at >= entry.since - Self.patience
            }) {
                return true
            }
            guard
                !isWitnessed || entry.isAnswered || entry.question.map({ now >= $0.until }) == true
            else { return false }
            ready.append(entry.signal.number)
            return true
        }
        reports.removeAll { $0.at < now - 2 * Self.patience }
        defer { ready = [] }
        return ready
    }
}
