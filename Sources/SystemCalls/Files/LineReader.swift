import Glibc

/// Reads a file line by line, in large pieces.
package struct LineReader: ~Copyable, Sendable {
    /// A line that is too long to be one.
    package struct TooLong: Error, Hashable, Sendable {
        /// Its number, counted from 1.
        package let line: Int
    }

    private let descriptor: FileDescriptor
    private let longest: Int
    private var buffer: [UInt8] = []
    /// Where in the buffer the next line begins.
    private var start = 0
    private var isAtEnd = false

    /// The number of the line read last, counted from 1.
    package private(set) var line = 0
    /// How many bytes have been read.
    package private(set) var bytesRead = 0

    private let piece: Int

    /// A reader from the current position on.
    ///
    /// - Parameters:
    ///   - longest: the most bytes a line may have.
    ///   - piece: how many bytes are read at once.
    package init(_ descriptor: consuming FileDescriptor, longest: Int, piece: Int = 256 << 10) {
        self.descriptor = descriptor
        self.piece = piece
        self.longest = longest
    }

    /// The next line without its end; nil after the last one.
    package mutating func next() throws -> ArraySlice<UInt8>? {
        var searched = start
        while true {
            if let end = newline(from: searched) {
                return take(upTo: end, continuingAt: end + 1)
            }
            searched = buffer.count
            if isAtEnd {
                return start < buffer.count
                    ? take(upTo: buffer.count, continuingAt: buffer.count) : nil
            }
            if buffer.count - start > longest { throw TooLong(line: line + 1) }
            searched -= start
            buffer.removeFirst(start)
            start = 0
            let piece = try descriptor.read(count: self.piece)
            isAtEnd = piece.isEmpty
            bytesRead += piece.count
            buffer += piece
        }
    }

    private func newline(from start: Int) -> Int? {
        buffer.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress,
                let found = memchr(base + start, 0x0a, bytes.count - start)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }

    private mutating func take(upTo end: Int, continuingAt next: Int) -> ArraySlice<UInt8> {
        defer { start = next }
        line += 1
        return buffer[start..<end]
    }
}
