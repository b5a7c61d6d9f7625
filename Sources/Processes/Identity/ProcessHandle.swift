import Glibc
package import SystemCalls

/// A process that is signalled through a descriptor of its own: whoever gets its pid after it has
/// ended never gets the signal.
package final class ProcessHandle: Sendable {
    /// Which process.
    package let identity: ProcessIdentity
    private let descriptor: FileDescriptor

    /// Takes hold of a process; nil when it is gone, or when another one has its pid.
    ///
    /// First the descriptor, then the comparison: after it the pid may change hands, the descriptor
    /// does not. Source: pidfd_open(2).
    package init?(_ identity: ProcessIdentity) throws(SystemError) {
        do {
            descriptor = try FileDescriptor.process(identity.pid)
        } catch {
            if error.code == ESRCH { return nil }
            throw error
        }
        guard identity.isAlive else { return nil }
        self.identity = identity
    }

    /// Readable once the process has ended.
    var rawDescriptor: CInt { descriptor.rawValue }

    /// Whether it has ended.
    package var hasEnded: Bool {
        (try? Poll.readable([descriptor.rawValue], until: 0))?.isEmpty == false
    }

    /// Whether this user may signal it.
    package var maySignal: Bool {
        do {
            try descriptor.sendSignal(0)
            return true
        } catch {
            return error.code == ESRCH
        }
    }

    /// Sends a signal; false when the process is gone or not ours to signal.
    @discardableResult
    package func send(_ signal: CInt) -> Bool {
        (try? descriptor.sendSignal(signal)) != nil
    }

    /// Waits until all of them have ended, or for the deadline on the monotonic clock in µs.
    package static func waitForEnd(of handles: [ProcessHandle], until deadline: Int64?) -> Bool {
        var left = handles.filter { !$0.hasEnded }
        while !left.isEmpty {
            let ready = try? Poll.readable(left.map(\.rawDescriptor), until: deadline)
            guard let ready, !ready.isEmpty else { return false }
            left = left.filter { !$0.hasEnded }
        }
        return true
    }
}
