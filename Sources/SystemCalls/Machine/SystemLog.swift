internal import CLinux
internal import Glibc

/// The log of the system.
package enum SystemLog {
    /// Sends lines as errors; false when nobody listens.
    ///
    /// The C function is `syslog`.
    package static func write(_ lines: some Sequence<some StringProtocol>) -> Bool {
        guard FileSystem.exists("/dev/log") else { return false }
        for line in lines { deploy_ledger_syslog(LOG_ERR | LOG_USER, String(line)) }
        return true
    }
}
