/// A range of a text that is secret.
struct Finding {
    let range: Range<Int>
    /// Whether only a name says so; a program's own rule may know better.
    var isByName = false
}

/// What was found in one text.
struct Findings {
    var secrets: [Finding] = []
    /// Values that are no secrets whatever their names say.
    var harmless: [Range<Int>] = []

    init(_ secrets: [Finding]) { self.secrets = secrets }

    mutating func add(_ findings: [Finding]) { secrets += findings }

    /// What is secret after all has been said, in order.
    var remaining: [Finding] {
        let ordered = secrets.sorted { $0.range.lowerBound < $1.range.lowerBound }
        if harmless.isEmpty { return ordered }
        let kept = harmless.sorted { $0.lowerBound < $1.lowerBound }
        var next = 0
        return ordered.filter { finding in
            while next < kept.count, kept[next].lowerBound <= finding.range.lowerBound { next += 1 }
            return !finding.isByName || next == 0 || !kept[next - 1].contains(all: finding.range)
        }
    }

    /// The text with its secrets replaced; nil when there are none.
    func masked(_ bytes: [UInt8]) -> [UInt8]? {
        let ranges = remaining.map(\.range)
        if ranges.isEmpty { return nil }
        var result: [UInt8] = []
        var position = 0
        for range in ranges where range.upperBound > position {
            // One secret found in two ways is hidden once.
            if range.lowerBound >= position, position == 0 || range.lowerBound > position {
                result += bytes[position..<range.lowerBound]
                result += Mask.bytes
            } else if position == 0 {
                result += Mask.bytes
            }
            position = range.upperBound
        }
        return result + bytes[position...]
    }
}

extension Range<Int> {
    func contains(all other: Range<Int>) -> Bool {
        lowerBound <= other.lowerBound && other.upperBound <= upperBound
    }
}
