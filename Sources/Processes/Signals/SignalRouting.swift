package import Glibc
package import SystemCalls

/// Decides what becomes of a signal that reached the wrapper.
package struct SignalRouting: Sendable {
    /// Whether the command is in the wrapper's process group.
    package let sharesGroup: Bool
    /// Whether the wrapper leads its session.
    package let leadsSession: Bool

    /// Looks at a running command.
    package init(command: pid_t) {
        sharesGroup = getpgid(command) == getpgrp()
        leadsSession = getsid(0) == getpid()
    }

    /// For a known situation.
    package init(sharesGroup: Bool, leadsSession: Bool) {
        self.sharesGroup = sharesGroup
        self.leadsSession = leadsSession
    }

    /// What becomes of a signal.
    package enum Route: Sendable {
        /// The command has not had it.
        case forward
        /// The command has had it.
        case drop
        /// The command has had it if the keeper has.
        case askWitness
    }

    /// Where a signal that reached the wrapper has to go.
    ///
    /// The terminal sends Ctrl-C and Ctrl-\ to the whole foreground group. A hang-up goes to the
    /// leader of the session alone, or to the whole foreground group when the leader exits. What a
    /// process sends is for the wrapper alone or for its whole group; to a command in another group
    /// it came only from the first process, which ends whole cgroups.
    ///
    /// - Parameter mayBeEarly: whether it may have come before the command existed.
    package func route(_ signal: ReceivedSignal, mayBeEarly: Bool) -> Route {
        if signal.isFromKernel {
            if !sharesGroup { return .forward }
            if signal.number == SIGHUP && leadsSession { return .forward }
            return mayBeEarly ? .askWitness : .drop
        }
        return sharesGroup || signal.sender == 1 ? .askWitness : .forward
    }
}
