import CommandSupport
import Glibc
import SystemCalls
import Wording

/// Looks again and again, until it is told to stop or nobody reads any more.
struct StatusWatch {
    let look: StatusQuery
    /// Between two looks, in µs.
    let interval: Int64

    /// The shortest time between two looks, in µs; watch(1) has the same.
    static let shortest: Int64 = 100_000

    private static let clear = "\u{1b}[H\u{1b}[J"

    /// Runs to the end; the result is the exit code of the last look.
    func run() throws -> CInt {
        let end = StopSignals()
        let redraws = look.format == .text && StandardOutput.canRedraw
        while true {
            let seen = look.look()
            try StandardOutput.print(redraws ? Self.clear + seen.text + footer : framed(seen.text))
            if end.comes(within: interval) { return seen.code }
        }
    }

    /// In a file each look says when it was; JSON says that itself.
    private func framed(_ text: String) -> String {
        look.format == .text ? "\(now)\n\(text)\n" : text
    }

    private var footer: String {
        "\n\(now), every \(DurationText.text(microseconds: interval)), Ctrl-C ends\n"
    }

    private var now: String { RFC3339.toTheSecond(Clock.wallMicroseconds()) }
}
