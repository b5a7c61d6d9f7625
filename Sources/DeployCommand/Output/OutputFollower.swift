import Glibc
import Ledger
import Synchronization
import SystemCalls

/// Follows the kept output while it is written, on a thread of its own: shows it on our standard
/// output, hashes it, and knows when the last of it came.
///
/// The command writes into the file alone, so nothing here can hold it up: neither a reader who is
/// slow nor one who has gone.
final class OutputFollower: Sendable {
    fileprivate struct State {
        /// How far it was read for the hash.
        var seen = 0
        /// The beginning of it.
        var head: [UInt8] = []
        /// How far it was shown; what the reader does not take waits in the file.
        var shown = 0
        /// Where it ends; nil as long as that is open.
        var end: Int?
        /// Of all up to the end, once that was read.
        var hash: String?
        /// The size at the last look, and when that changed.
        var noted = 0
        var lastOutputAt: Int64
        var wasEmptied = false
        var readerIsGone = false
        var isRunning = true
    }

    fileprivate let file: FileDescriptor
    fileprivate let state: Mutex<State>
    /// Wakes the thread, and whoever waits for it.
    fileprivate let wake: FileDescriptor
    fileprivate let progress: FileDescriptor

    /// How long the thread rests when nothing has come, and after something has, in µs.
    fileprivate static let rest: Int64 = 50_000
    fileprivate static let shortRest: Int64 = 5_000
    fileprivate static let headLength = 64
    fileprivate static let piece = 128 << 10

    /// Takes the file, open for reading.
    init(_ file: consuming FileDescriptor) throws(SystemError) {
        self.file = file
        state = Mutex(State(lastOutputAt: Clock.monotonicMicroseconds()))
        wake = try .event()
        progress = try .event()
    }

    /// Begins to follow.
    func start() {
        do {
            try startThread { self.work() }
        } catch {
            // No thread to be had: nothing is shown, the file has it all.
            state.withLock {
                $0.isRunning = false
                $0.readerIsGone = true
            }
        }
    }

    /// When something was last written, or the beginning, monotonic clock in µs.
    var lastOutputAt: Int64 {
        let size = (try? file.status().size) ?? 0
        return state.withLock { $0.note(size) }
    }

    /// Whether a program opened its output itself and so threw away what was there.
    var wasEmptied: Bool { state.withLock { $0.wasEmptied } }

    /// Waits until all that is there has been shown, as far as the reader takes it in that time.
    func settle(within microseconds: Int64) {
        let size = (try? file.status().size) ?? 0
        let deadline = Clock.monotonicMicroseconds() + microseconds
        wait(until: deadline) { $0.readerIsGone || $0.shown >= size }
    }

    /// Says that what is there now is all, and gives its size and its hash; no hash when that took
    /// too long.
    func end(within microseconds: Int64) -> (size: Int, hash: String?) {
        let deadline = Clock.monotonicMicroseconds() + microseconds
        let isRunning = state.withLock { state in
            state.end = max((try? file.status().size) ?? 0, state.seen)
            return state.isRunning
        }
        if isRunning {
            wait(until: deadline) { $0.hash != nil }
        }
        return state.withLock { ($0.end ?? 0, $0.hash) }
    }

    /// Waits until all has been shown, as long as the reader takes some of it now and then.
    ///
    /// - Parameters:
    ///   - patience: how long nothing may be taken, in µs.
    ///   - limit: how long it may take in all, in µs.
    ///   - isInterrupted: asked now and then whether to stop.
    /// - Returns: whether all was shown, or nobody is there to see it.
    func drain(patience: Int64, limit: Int64, isInterrupted: () -> Bool) -> Bool {
        let latest = Clock.monotonicMicroseconds() + limit
        var shown = -1
        while true {
            let deadline = min(latest, Clock.monotonicMicroseconds() + patience)
            var isStopped = false
            wait(until: deadline) { state in
                isStopped = isInterrupted()
                return isStopped || state.isDone || state.shown > shown
            }
            let (now, isDone) = state.withLock { ($0.shown, $0.isDone) }
            if isDone { return true }
            if isStopped || now == shown || Clock.monotonicMicroseconds() >= latest {
                return false
            }
            shown = now
        }
    }

    private func wait(until deadline: Int64, _ condition: (State) -> Bool) {
        wake.add()
        while !state.withLock({ condition($0) }) {
            let now = Clock.monotonicMicroseconds()
            if now >= deadline { return }
            let look = min(deadline, now + Self.rest)
            if (try? Poll.readable([progress.rawValue], until: look))?.isEmpty == false {
                progress.takeAll()
            }
        }
    }
}

extension OutputFollower.State {
    /// Whether there is nothing more to do.
    fileprivate var isDone: Bool {
        guard let end else { return false }
        return readerIsGone || shown >= end
    }

    /// Takes notice of the size that the file has now; when the last of it came.
    fileprivate mutating func note(_ size: Int) -> Int64 {
        if size != noted {
            noted = size
            lastOutputAt = Clock.monotonicMicroseconds()
        }
        return lastOutputAt
    }
}

extension OutputFollower {
    /// The thread: reads what comes, until all is read and shown.
    private func work() {
        let stream = EchoStream(STDOUT_FILENO)
        var hash = ContentHash()
        while true {
            let step = next()
            if step.isFromBeginning { hash = ContentHash() }
            let bytes = read(step.from, step.to)
            hash.update(bytes)
            let isFull = show(bytes, at: step.from, on: stream)
            let isDone = state.withLock { state in
                if let end = state.end, state.seen >= end, state.hash == nil {
                    state.hash = hash.text
                }
                return state.isDone && state.hash != nil
            }
            progress.add()
            if isDone { return }
            if bytes.count < Self.piece { pause(bytes.isEmpty, isFull ? stream.descriptor : nil) }
        }
    }

    private struct Step {
        let from: Int
        let to: Int
        let isFromBeginning: Bool
    }

    /// What is to be read next.
    private func next() -> Step {
        state.withLock { state in
            let size = (try? file.status().size) ?? state.seen
            let isEmptied = size < state.seen || size > state.seen && isNew(state.head)
            if isEmptied {
                state.wasEmptied = true
                (state.seen, state.shown, state.head) = (0, 0, [])
                state.end = state.end.map { min($0, size) }
            }
            _ = state.note(size)
            let from = state.seen
            state.seen = min(size, from + Self.piece, state.end ?? .max)
            if state.head.count < Self.headLength {
                state.head = read(0, min(state.seen, Self.headLength))
            }
            return Step(from: from, to: state.seen, isFromBeginning: isEmptied)
        }
    }

    /// Whether the file begins with something else than it did: it was emptied, and has grown since.
    private func isNew(_ head: [UInt8]) -> Bool { read(0, head.count) != head }

    private func read(_ from: Int, _ to: Int) -> [UInt8] {
        to > from ? (try? file.read(count: to - from, at: from)) ?? [] : []
    }

    /// Shows what comes next; whether the reader takes no more now.
    private func show(_ fresh: [UInt8], at place: Int, on stream: borrowing EchoStream) -> Bool {
        let (shown, seen, isGone) = state.withLock { ($0.shown, $0.seen, $0.readerIsGone) }
        if isGone { return false }
        var bytes = fresh[...]
        if shown < place {
            // Behind: what has not been taken is read again.
            bytes = read(shown, min(seen, shown + Self.piece))[...]
        }
        var count = 0
        while !bytes.isEmpty {
            switch stream.write(bytes) {
            case .took(let taken):
                count += taken
                bytes = bytes.dropFirst(taken)
                continue
            case .full: break
            case .gone: state.withLock { $0.readerIsGone = true }
            }
            break
        }
        return state.withLock { state in
            state.shown += count
            return !state.readerIsGone && state.shown < state.seen
        }
    }

    /// Waits until there may be more to read, or the reader takes more.
    private func pause(_ isIdle: Bool, _ full: CInt?) {
        let length = isIdle ? Self.rest : Self.shortRest
        try? Poll.wait(
            readable: wake.rawValue, writable: full,
            until: Clock.monotonicMicroseconds() + length)
        if (try? Poll.readable([wake.rawValue], until: 0))?.isEmpty == false { wake.takeAll() }
    }
}
