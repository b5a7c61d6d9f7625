internal import CLinux
import Glibc

/// The arguments of this process as the kernel gave them.
///
/// Swift's `CommandLine` looks for them through `/proc/self/maps` and has none when that cannot be
/// read, be it once: the command line would mean something else.
package enum ProcessArguments {
    /// Byte for byte, without their final zero bytes; the program's name first.
    package static let bytes: [[CChar]] = {
        guard let arguments = deploy_ledger_argv() else { return [] }
        return (0..<Int(deploy_ledger_argc())).map { position in
            guard let argument = arguments[position] else { return [] }
            return Array(UnsafeBufferPointer(start: argument, count: strlen(argument)))
        }
    }()

    /// Where they stand, from the first one to the end of the last one: what `ps` shows.
    package static var memory: (start: UnsafeMutablePointer<CChar>?, length: Int) {
        let count = Int(deploy_ledger_argc())
        guard count > 0, let arguments = deploy_ledger_argv(), let first = arguments[0],
            let last = arguments[count - 1]
        else { return (nil, 0) }
        let end = last + strlen(last)
        return end > first ? (first, end - first) : (nil, 0)
    }

    /// The name of the file that was executed, whatever the first argument says; nil when unknown.
    package static var executed: String? {
        deploy_ledger_executed().map { String(cString: $0) }
    }

    /// As text; what is not UTF-8 is replaced.
    package static let all: [String] = bytes.map {
        String(decoding: $0.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
