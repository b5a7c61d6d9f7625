internal import CLinux
package import Glibc

/// A signal that was sent to this process.
package struct ReceivedSignal: Hashable, Sendable {
    /// Its number.
    package let number: CInt
    /// Whether the kernel sent it, as for a key typed at the terminal or a hang-up, and not a
    /// process.
    package let isFromKernel: Bool
    /// The process that sent it, as our pid namespace numbers it; 0 for one outside of it.
    package let sender: pid_t

    /// `SI_KERNEL` of sigaction(2), which Swift does not import.
    fileprivate static let kernelCode: Int32 = 0x80
}

extension FileDescriptor {
    /// Blocks signals, so that none can end the process between two steps, and gives a descriptor that
    /// becomes readable when one has come.
    ///
    /// The C functions are `pthread_sigmask` and `signalfd`.
    package static func signals(_ numbers: [CInt]) throws(SystemError) -> FileDescriptor {
        var set = sigset_t()
        sigemptyset(&set)
        for number in numbers { sigaddset(&set, number) }
        let code = pthread_sigmask(SIG_BLOCK, &set, nil)
        guard code == 0 else { throw SystemError("pthread_sigmask", code: code) }
        return FileDescriptor(
            owning: try checked("signalfd") {
                signalfd(-1, &set, CInt(SFD_CLOEXEC) | CInt(SFD_NONBLOCK))
            })
    }

    /// Takes the next signal out, see `signals`; nil when none has come.
    package func takeSignal() -> ReceivedSignal? {
        var info = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        guard Glibc.read(rawValue, &info, size) == size else { return nil }
        return ReceivedSignal(
            number: CInt(info.ssi_signo),
            isFromKernel: info.ssi_code == ReceivedSignal.kernelCode,
            sender: pid_t(bitPattern: info.ssi_pid))
    }
}
