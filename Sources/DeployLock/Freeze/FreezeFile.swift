import Glibc
import JSON
import SystemCalls

/// The file of a freeze, seen by anybody who may read the queue.
///
/// Whoever may write the directory can put anything there, so nothing but a small regular file is
/// ever read.
package struct FreezeFile: Hashable, Sendable {
    /// What the names of such files begin with.
    static let prefix = "freeze-"

    /// Where it is.
    package let path: String

    /// The id in its name.
    package var id: String { String(Path.name(of: path).dropFirst(Self.prefix.count)) }

    /// What a file says.
    enum Content: Hashable, Sendable {
        /// A freeze, in force or not.
        case freeze(Freeze)
        /// Nothing: somebody removed it meanwhile.
        case gone
        /// Nothing that can be understood, and why.
        case unreadable(String)
    }

    /// Reads it, more than once where somebody may be writing it.
    func read() -> Content {
        var content = look()
        for _ in 0..<Self.mostLooks {
            guard case .unreadable = content else { return content }
            usleep(Self.pauseMicroseconds)
            content = look()
        }
        return content
    }

    private func look() -> Content {
        let bytes: [UInt8]
        do {
            bytes = try FileSystem.readUntrusted(path, limit: Self.largest).bytes
        } catch {
            return error.code == ENOENT ? .gone : .unreadable(error.reason)
        }
        do {
            var freeze = try Freeze(parsing: bytes.withoutBlanksAtEnd)
            // Its name is what it is ended by, whatever somebody wrote or copied.
            freeze.id = id
            return .freeze(freeze)
        } catch let flaw as RecordFlaw {
            return .unreadable(flaw.words)
        } catch {
            return .unreadable(bytes.isEmpty ? "it is empty" : "it is not JSON")
        }
    }

    private static let largest = 1 << 16
    private static let mostLooks = 3
    private static let pauseMicroseconds: UInt32 = 2_000
}

extension [UInt8] {
    /// Without line feeds and blanks at the end, which a file that was overwritten may have.
    fileprivate var withoutBlanksAtEnd: [UInt8] {
        var rest = self[...]
        while let last = rest.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: " ") {
            rest.removeLast()
        }
        return Array(rest)
    }
}
