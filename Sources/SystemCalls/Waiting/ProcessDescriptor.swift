import CLinux
package import Glibc

extension FileDescriptor {
    /// The program of this process, to be executed again; it works when its name is gone, too.
    ///
    /// Source: proc(5), `/proc/[pid]/exe`; open(2), `O_PATH`, which `<fcntl.h>` hides behind
    /// `_GNU_SOURCE`.
    package static func ownImage() throws(SystemError) -> FileDescriptor {
        try open("/proc/self/exe", 0o10000000)
    }

    /// A descriptor that becomes readable when the process ends.
    ///
    /// The C function is `pidfd_open`.
    package static func process(_ pid: pid_t) throws(SystemError) -> FileDescriptor {
        FileDescriptor(owning: try checked("pidfd_open", String(pid)) { pidfd_open(pid, 0) })
    }

    /// Sends a signal to the process this descriptor stands for, never to another one that got its
    /// pid since; signal 0 only asks whether that is allowed.
    ///
    /// The C function is `pidfd_send_signal`.
    package func sendSignal(_ signal: CInt) throws(SystemError) {
        try checked("pidfd_send_signal") { pidfd_send_signal(rawValue, signal, nil, 0) }
    }
}
