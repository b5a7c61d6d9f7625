/// A range of a text that is secret.
struct Finding {
    let range: Range<Int>
    /// Whether only a name says so; a program's own rule may know better.
    var isByName = false
}

/// What was found in one text.
struct Findings {
    private var secrets: [Finding] = []
    /// Values that are no secrets whatever their names say.
    private var harmless: [Range<Int>] = []

    init(_ secrets: [Finding]) { self.secrets = secrets }

    mutating func add(_ findings: [Finding]) { secrets += findings }

    /// Adds what was found in a word of this text.
    mutating func add(_ inner: Findings, of word: Word) {
        secrets += inner.remaining.map {
            Finding(range: word.source(of: $0.range), isByName: $0.isByName)
        }
        harmless += inner.harmless.map { word.source(of: $0) }
    }

    /// Adds what a command's word gives away, which stands at `range` of this text.
    mutating func add(_ mark: CommandReader.Mark, _ range: Range<Int>) {
        if mark.isHarmless {
            harmless.append(range)
        } else if !range.isEmpty {
            secrets.append(Finding(range: range))
        }
    }

    /// What is secret after all has been said, in order.
    private var remaining: [Finding] {
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
                result += Masking.replacement
            } else if position == 0 {
                result += Masking.replacement
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
