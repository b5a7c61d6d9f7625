package import SystemCalls
import Wording

/// The last lines of a text that comes in pieces.
package struct LogTail: Sendable {
    private let count: Int
    private var bytes: [UInt8] = []
    private var isCut = false

    /// What is kept for them, in bytes.
    private static let most = 64 << 10
    private static let widestLine = 1000

    /// - Parameter lines: how many are wanted.
    package init(lines: Int) {
        count = lines
    }

    /// Adds the next piece.
    package mutating func add(_ piece: [UInt8]) {
        bytes += piece
        if bytes.count > 2 * Self.most {
            bytes.removeFirst(bytes.count - Self.most)
            isCut = true
        }
    }

    /// The lines of a file that end at `end`.
    package mutating func lines(
        of file: borrowing FileDescriptor, upTo end: Int
    ) -> [String]? {
        let start = max(0, end - Self.most)
        guard let bytes = try? file.read(count: end - start, at: start) else { return nil }
        self.bytes = bytes
        isCut = start > 0
        return lines
    }

    /// The last lines so far, harmless for a terminal.
    package var lines: [String] {
        let text = String(decoding: HarmlessText.of(bytes), as: UTF8.self)
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        // Of the first one the beginning is missing.
        if isCut, lines.count > 1 { lines.removeFirst() }
        return lines.suffix(count).map {
            $0.utf8.count > Self.widestLine
                ? String($0).shortened(toColumns: Self.widestLine) : String($0)
        }
    }
}
