import Synchronization

/// Values that a thread of its own makes while the one before is used.
package final class ReadAhead<Value: Sendable>: Sendable {
    private struct State {
        var made: [Value] = []
        var isAtEnd = false
    }

    private let state = Mutex(State())
    /// Counts what was made, and what was taken, since the other side looked.
    private let made: FileDescriptor
    private let taken: FileDescriptor
    private let most: Int

    private init(most: Int) throws(SystemError) {
        self.most = most
        made = try .event()
        taken = try .event()
    }

    /// Starts to make values.
    ///
    /// - Parameters:
    ///   - most: how many are made that nobody has taken yet.
    ///   - make: the next one, called on a thread of its own; nil when there are no more.
    package static func start(
        most: Int, _ make: @escaping @Sendable () -> Value?
    ) throws(SystemError) -> ReadAhead {
        let values = try ReadAhead(most: most)
        try startThread {
            while let value = make() { values.put(value) }
            values.state.withLock { $0.isAtEnd = true }
            values.made.add()
        }
        return values
    }

    private func put(_ value: Value) {
        while state.withLock({ $0.made.count >= most }) { taken.takeAll() }
        state.withLock { $0.made.append(value) }
        made.add()
    }

    /// The next value, which is waited for; nil when there are no more.
    ///
    /// For one thread.
    package func next() -> Value? {
        while true {
            let (value, isAtEnd) = state.withLock { state in
                state.made.isEmpty
                    ? (nil, state.isAtEnd) : (state.made.removeFirst(), state.isAtEnd)
            }
            if value != nil || isAtEnd {
                taken.add()
                return value
            }
            made.takeAll()
        }
    }
}
