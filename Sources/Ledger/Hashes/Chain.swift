internal import Crypto

/// The newest event of a ledger: its place and its hash.
///
/// Kept outside of the ledger it proves later that nothing before it was changed or cut off.
package struct Head: Hashable, Sendable, LosslessStringConvertible {
    /// The event's place, counted from 1; 0 in a ledger without events.
    package let seq: Int64
    /// The 32 bytes of its hash.
    package let hash: [UInt8]

    /// Names a place and its hash.
    package init(seq: Int64, hash: [UInt8]) {
        self.seq = seq
        self.hash = hash
    }

    /// Reads `seq:hash`, the hash in hexadecimal.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let seq = Int64(parts[0]), seq >= 0,
            let hash = Hexadecimal.decode(parts[1].lowercased().utf8), hash.count == 32
        else { return nil }
        self.init(seq: seq, hash: hash)
    }

    /// `seq:hash`, the hash in hexadecimal.
    package var description: String { "\(seq):\(Hexadecimal.encode(hash))" }
}

/// How one event vouches for all before it.
enum Chain {
    /// Damage may make up any place; no ledger gets that far.
    static let longest: Int64 = 1 << 48

    /// SHA-256 over the previous hash and the record as it is stored.
    static func hash(after previous: [UInt8], record: some Sequence<UInt8>) -> [UInt8] {
        var hasher = SHA256()
        hasher.update(data: previous)
        let isContiguous: Void? = record.withContiguousStorageIfAvailable {
            hasher.update(bufferPointer: UnsafeRawBufferPointer($0))
        }
        if isContiguous == nil { hasher.update(data: Array(record)) }
        return hasher.finalize().withUnsafeBytes { Array($0) }
    }

    /// What a record carries in place of its detail.
    static func detailHash(salt: [UInt8], detail: some Sequence<UInt8>) -> String {
        Hexadecimal.encode(hash(after: salt, record: detail))
    }

    /// SHA-256 of a text.
    static func digest(_ text: String) -> [UInt8] { hash(after: [], record: text.utf8) }
}
