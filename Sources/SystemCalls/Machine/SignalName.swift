import CLinux

/// What signals are called.
package enum SignalName {
    /// The name without `SIG`, such as `TERM`; the number for those without a name.
    package static func of(_ number: CInt) -> String {
        sigabbrev_np(number).map { String(cString: $0) } ?? String(number)
    }
}
