internal import SystemCalls

/// Whether the write-ahead log can be read to its end.
///
/// Where a checksum is wrong SQLite takes the log for ended, so that whatever was committed behind
/// that place is gone without a word.
/// Source: <https://www.sqlite.org/fileformat2.html#the_write_ahead_log>
struct LogCheck {
    /// The frame, from 1 on, that cannot be used; 0 for the header.
    private(set) var damaged: Int?
    /// Transactions that are lost with it.
    private(set) var lost = 0

    private static let header = 32
    private static let frameHeader = 24

    /// Looks twice before it finds damage: somebody may be writing.
    static func problem(of path: String) -> String? {
        var found = LogCheck(path)
        for _ in 0..<3 {
            guard let damaged = found?.damaged else { return nil }
            _ = try? Poll.readable([], until: Clock.monotonicMicroseconds() + 20_000)
            let again = LogCheck(path)
            if let again, again.damaged == damaged, again.lost == found?.lost {
                return "the write-ahead log \(path) is damaged at its frame \(damaged), and "
                    + "\(again.lost) transactions from there on are lost"
            }
            found = again
        }
        return nil
    }

    /// Nil when there is no log, or it cannot be read.
    private init?(_ path: String) {
        guard let file = try? FileDescriptor.openUntrusted(path),
            let head = try? file.read(count: Self.header, at: 0), head.count == Self.header
        else { return nil }
        func word(_ bytes: [UInt8], _ at: Int) -> UInt32 {
            bytes[at..<at + 4].reduce(0) { $0 << 8 | UInt32($1) }
        }
        var sums = Checksum(isBigEndian: head[3] & 1 == 1)
        sums.add(head[..<24])
        var isValid =
            word(head, 0) & ~1 == 0x377f_0682 && sums.matches(word(head, 24), word(head, 28))
        if !isValid { damaged = 0 }
        let isUsable = { (size: Int) in size >= 512 && size <= 65_536 && size & (size - 1) == 0 }
        let size = isUsable(Int(word(head, 8))) ? Int(word(head, 8)) : 4096
        var salts = isValid ? Array(head[16..<24]) : []
        var frame = 0
        var commits = 0
        while let bytes = try? file.read(
            count: Self.frameHeader + size, at: Self.header + frame * (Self.frameHeader + size)),
            bytes.count == Self.frameHeader + size
        {
            frame += 1
            if salts.isEmpty { salts = Array(bytes[8..<16]) }
            let isOfThisLog = Array(bytes[8..<16]) == salts
            if isValid {
                sums.add(bytes[..<8])
                sums.add(bytes[Self.frameHeader...])
                if isOfThisLog, sums.matches(word(bytes, 16), word(bytes, 20)) { continue }
                isValid = false
                damaged = frame
                if word(bytes, 4) != 0 { commits += 1 }
            } else if isOfThisLog, word(bytes, 4) != 0 {
                commits += 1
            }
        }
        // The newest transaction may just be unfinished: power was lost while it was written. What is
        // left behind of an earlier log has other salts.
        lost = commits
        if commits < 2 { damaged = nil }
    }
}

/// The checksum of SQLite's log, from frame to frame.
private struct Checksum {
    private let isBigEndian: Bool
    private var first: UInt32 = 0
    private var second: UInt32 = 0

    init(isBigEndian: Bool) { self.isBigEndian = isBigEndian }

    mutating func add(_ bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBytes { raw in
            for at in stride(from: 0, to: raw.count - 7, by: 8) {
                first &+= word(raw, at) &+ second
                second &+= word(raw, at + 4) &+ first
            }
        }
    }

    func matches(_ first: UInt32, _ second: UInt32) -> Bool {
        self.first == first && self.second == second
    }

    private func word(_ raw: UnsafeRawBufferPointer, _ at: Int) -> UInt32 {
        let word = raw.loadUnaligned(fromByteOffset: at, as: UInt32.self)
        return isBigEndian ? UInt32(bigEndian: word) : UInt32(littleEndian: word)
    }
}
