import Glibc
package import Processes
package import SystemCalls

/// How the command of a deployment ended.
package struct Ending: Sendable {
    /// The exit code for our caller.
    package let code: CInt
    /// The signal that ended the command.
    package let signal: CInt?
    /// Why there was nothing to end, such as "command not found".
    package let reason: String?
    /// What kept the command from being started; nil when it was executed.
    package let failure: SystemError?

    /// An end that is known from elsewhere than the process itself.
    package init(code: CInt, signal: CInt?, reason: String?, failure: SystemError? = nil) {
        self.code = code
        self.signal = signal
        self.reason = reason
        self.failure = failure
    }
}

extension Ending {
    package init(_ end: KeptCommand.End) {
        switch end {
        case .ended(let status): self.init(status)
        case .notStarted(let error): self.init(startFailure: error)
        }
    }

    package init(_ status: ExitStatus) {
        code = status.code
        reason = nil
        failure = nil
        switch status {
        case .exited: signal = nil
        case .signalled(let number): signal = number
        }
    }

    package init(startFailure error: SystemError) {
        code = ExitCodes.startFailure(error.code)
        signal = nil
        reason = ExitCodes.startFailureReason(error)
        failure = error
    }

    /// `succeeded`, `failed with exit code 3`, `was ended by signal TERM (exit code 143)`.
    package var words: String {
        if let signal { return "was ended by signal \(SignalName.of(signal)) (exit code \(code))" }
        if let reason { return "failed, \(reason) (exit code \(code))" }
        return code == 0 ? "succeeded" : "failed with exit code \(code)"
    }
}
