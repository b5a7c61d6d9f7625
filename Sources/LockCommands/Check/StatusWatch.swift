import CommandSupport
import Glibc
import SystemCalls

/// Looks again and again, until it is told to stop or nobody reads any more.
struct StatusWatch {
    let look: StatusLook
    /// Between two looks, in µs.
    let interval: Int64

    private static let clear = "\u{1b}[H\u{1b}[J"

    /// Runs to the end; the result is the exit code of the last look.
    func run() throws -> CInt {
        let end = RequestedEnd()
        let redraws = look.format == .text && StandardOutput.canRedraw
        while true {
            let seen = look.look()
            let gap = look.format == .text && !redraws ? "\n" : ""
            try StandardOutput.print((redraws ? Self.clear : "") + seen.text + gap)
            if end.comes(within: interval) { return seen.code }
        }
    }
}
