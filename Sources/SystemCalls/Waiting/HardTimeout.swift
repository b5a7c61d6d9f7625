import Glibc

/// The end of a program that takes too long.
package enum HardTimeout {
    // Written once, before the signal can come; read by its handler.
    nonisolated(unsafe) private static var words: UnsafeMutableBufferPointer<UInt8>?
    nonisolated(unsafe) private static var stream: CInt = 0
    nonisolated(unsafe) private static var code: CInt = 0

    /// After a time in seconds writes a text and ends the process at once, whatever it is doing.
    ///
    /// The C functions are `alarm`, `write` and `_exit`: all that a handler may call,
    /// signal-safety(7).
    ///
    /// - Parameter descriptor: where the text goes.
    package static func end(
        afterSeconds seconds: UInt32, saying text: String, to descriptor: CInt, code: CInt
    ) {
        let bytes = Array(text.utf8)
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        _ = copy.initialize(from: bytes)
        words = copy
        stream = descriptor
        self.code = code
        signal(SIGALRM) { _ in
            _ = Glibc.write(
                HardTimeout.stream, HardTimeout.words?.baseAddress,
                HardTimeout.words?.count ?? 0)
            _exit(HardTimeout.code)
        }
        alarm(seconds)
    }
}
