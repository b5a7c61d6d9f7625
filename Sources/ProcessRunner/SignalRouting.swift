public import Glibc

/// Decides whether a signal that reached the wrapper has to go on to the command.
public struct SignalRouting: Sendable {
    /// Whether the command is in the wrapper's process group.
    public let sharesGroup: Bool
    /// Whether the wrapper leads its session.
    public let leadsSession: Bool

    /// Looks at a running command.
    public init(command: pid_t) {
        sharesGroup = getpgid(command) == getpgrp()
        leadsSession = getsid(0) == getpid()
    }

    /// For a known situation.
    public init(sharesGroup: Bool, leadsSession: Bool) {
        self.sharesGroup = sharesGroup
        self.leadsSession = leadsSession
    }

    /// Whether the command has not had the signal yet.
    ///
    /// The terminal sends Ctrl-C and Ctrl-\ to the whole foreground group. A hang-up goes to the
    /// leader of the session alone, or to the whole foreground group when the leader exits. What a
    /// process sends is for the wrapper only.
    public func forwards(_ signal: ReceivedSignal) -> Bool {
        guard signal.isFromKernel, sharesGroup else { return true }
        return signal.number == SIGHUP && leadsSession
    }
}
