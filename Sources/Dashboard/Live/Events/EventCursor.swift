/// A place in a ledger, as ids of events and `?after=` have it: `LEDGER:SEQ`.
struct EventCursor: Hashable, Sendable, LosslessStringConvertible {
    /// The ledger's short name; nil for whichever is there.
    var ledger: String?
    /// The last event that was seen; 0 for none.
    var seq: Int64

    init(ledger: String?, seq: Int64) {
        self.ledger = ledger
        self.seq = seq
    }

    /// Reads `LEDGER:SEQ` or `SEQ` alone.
    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let last = parts.last, let seq = Int64(last), seq >= 0, last.first != "+",
            parts.count < 3
        else { return nil }
        if parts.count == 2 {
            guard parts[0] == "none" || Self.isName(parts[0]) else { return nil }
        }
        ledger = parts.count == 2 && parts[0] != "none" ? String(parts[0]) : nil
        self.seq = seq
    }

    var description: String { "\(ledger ?? "none"):\(seq)" }

    /// Digits of the beginning of an id.
    private static func isName(_ text: Substring) -> Bool {
        text.utf8.count == 16
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
