extension Findings {
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
}
