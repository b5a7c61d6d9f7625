import Glibc
import Wording

/// One entry of a log of the system, with fields.
struct LogEntry {
    /// As syslog has them.
    enum Priority: Int {
        case critical = 2, error, warning, notice, info
    }

    /// What the entries are found under, `journalctl -t`.
    static let identifier = "deploy-with-lock"

    private let message: String
    private let priority: Priority
    private let fields: [(name: String, value: String)]

    /// In bytes; what is longer is cut.
    private static let longestValue = 2048

    /// - Parameter fields: those without a value are left out.
    init(_ message: String, _ priority: Priority, fields: [(name: String, value: String?)]) {
        self.message = Self.cut(message)
        self.priority = priority
        self.fields = fields.compactMap { name, value in
            value.map { (name: name, value: Self.cut($0)) }
        }
    }

    /// For the socket of the journal.
    ///
    /// Source: <https://systemd.io/JOURNAL_NATIVE_PROTOCOL/>
    var native: [UInt8] {
        var bytes: [UInt8] = []
        func add(_ name: String, _ value: String) {
            bytes += name.utf8
            if value.utf8.contains(UInt8(ascii: "\n")) {
                // Its length, little-endian.
                let length = UInt64(value.utf8.count)
                bytes.append(UInt8(ascii: "\n"))
                bytes += (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
            } else {
                bytes.append(UInt8(ascii: "="))
            }
            bytes += value.utf8
            bytes.append(UInt8(ascii: "\n"))
        }
        add("MESSAGE", message)
        add("PRIORITY", String(priority.rawValue))
        add("SYSLOG_IDENTIFIER", Self.identifier)
        for field in fields { add(field.name, field.value) }
        return bytes
    }

    /// For syslog: one line that ends with the fields.
    ///
    /// The time is left to whoever receives it.
    ///
    /// Source: RFC 3164, section 4.1
    var line: [UInt8] {
        let value = CInt(priority.rawValue) | LOG_USER
        let text = fields.map { "\($0.name)=\(ShellText.quoted([$0.value]))" }
            .joined(separator: " ")
        let line = "<\(value)>\(Self.identifier)[\(getpid())]: \(message) \(text)"
        return Array(line.escapedForTerminal.utf8)
    }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > longestValue else { return text }
        return String(decoding: Array(text.utf8.prefix(longestValue)), as: UTF8.self) + " …"
    }
}
