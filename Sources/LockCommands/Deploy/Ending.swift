import Glibc
import ProcessRunner
import SystemCalls

/// How the command of a deployment ended.
struct Ending: Sendable {
    /// The exit code for our caller.
    let code: CInt
    /// The signal that ended the command.
    let signal: CInt?
    /// Why there was nothing to end, such as "command not found".
    let reason: String?
    /// What kept the command from being started; nil when it was executed.
    let failure: SystemError?
}

extension Ending {
    init(_ end: KeptCommand.End) {
        switch end {
        case .ended(let status): self.init(status)
        case .notStarted(let error): self.init(startFailure: error)
        }
    }

    init(_ status: ExitStatus) {
        code = status.code
        reason = nil
        failure = nil
        switch status {
        case .exited: signal = nil
        case .signalled(let number): signal = number
        }
    }

    init(startFailure error: SystemError) {
        code = ExitCodes.startFailure(error.code)
        signal = nil
        reason = ExitCodes.startFailureReason(error)
        failure = error
    }

    /// `succeeded`, `failed with exit code 3`, `was ended by signal TERM (exit code 143)`.
    var words: String {
        if let signal { return "was ended by signal \(SignalName.of(signal)) (exit code \(code))" }
        if let reason { return "failed, \(reason) (exit code \(code))" }
        return code == 0 ? "succeeded" : "failed with exit code \(code)"
    }
}
