import SystemCalls

/// A line on a terminal that says how far long work has come; elsewhere nothing.
package struct ProgressLine: ~Copyable {
    private let isShown: Bool
    private var nextAt = Clock.monotonicMicroseconds() + Self.patience

    /// Work that is done sooner needs no line, in µs.
    private static let patience: Int64 = 500_000
    private static let interval: Int64 = 200_000

    /// A line on standard error, when that is a terminal.
    package init() {
        isShown = Terminal.canRedraw
    }

    /// Says how far it has come, unless that was said just now.
    package mutating func update(_ text: @autoclosure () -> String) {
        guard isShown else { return }
        let now = Clock.monotonicMicroseconds()
        guard now >= nextAt else { return }
        nextAt = now + Self.interval
        Terminal.showProgress(text())
    }

    /// Takes the line away before something else is printed; a complaint does that by itself.
    package func clear() { Terminal.clearProgress() }
}
