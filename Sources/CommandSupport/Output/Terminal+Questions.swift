import Glibc

extension Terminal {
    /// Whether a person sits at standard input.
    package static var canAsk: Bool { isatty(STDIN_FILENO) == 1 }

    /// Asks a question on standard error and reads one line; nil when the input ends.
    ///
    /// Byte for byte, so that nothing behind the line is taken.
    package static func ask(_ question: String) -> String? {
        write(question)
        var line: [UInt8] = []
        while true {
            var byte: UInt8 = 0
            let count = read(STDIN_FILENO, &byte, 1)
            if count == -1, errno == EINTR { continue }
            guard count == 1 else { return nil }
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
    }
}
