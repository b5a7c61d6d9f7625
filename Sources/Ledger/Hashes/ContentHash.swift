internal import Crypto

/// SHA-256 of something that comes in pieces.
package struct ContentHash {
    private var hasher = SHA256()

    /// Of nothing yet.
    package init() {}

    /// Adds the next piece.
    package mutating func update(_ piece: [UInt8]) {
        piece.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    }

    /// Of all pieces so far, in hexadecimal.
    package var text: String {
        let copy = hasher
        return copy.finalize().withUnsafeBytes { Hexadecimal.encode(Array($0)) }
    }
}
