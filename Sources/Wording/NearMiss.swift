/// Which of the known words somebody meant who wrote another.
package enum NearMiss {
    /// The known word that is most likely meant; nil when none is close enough to ask.
    ///
    /// First one that is nearly the same, then one that was begun (`--force` for `--force-unlock`),
    /// then one with the same stem (`success` for `succeeded`). Dashes and underscores are the same.
    package static func meant(_ word: String, among known: some Sequence<String>) -> String? {
        let wanted = plain(word)
        guard wanted.count > 1 else { return nil }
        var best: (name: String, rank: Int)?
        for name in known where name != word {
            guard let rank = rank(of: plain(name), for: wanted) else { continue }
            if best.map({ rank < $0.rank }) ?? true { best = (name, rank) }
        }
        return best?.name
    }

    /// `; did you mean 'metrics'?`, or nothing.
    package static func question(_ word: String, among known: some Sequence<String>) -> String {
        meant(word, among: known).map { "; did you mean '\($0)'?" } ?? ""
    }

    /// How many letters have to be put in or taken out to make the one of the other.
    package static func steps(from given: some Sequence<UInt8>, to wanted: [UInt8]) -> Int {
        var row = Array(0...wanted.count)
        for (line, letter) in given.enumerated() {
            var before = row[0]
            row[0] = line + 1
            for column in wanted.indices {
                let change = before + (letter == wanted[column] ? 0 : 2)
                before = row[column + 1]
                row[column + 1] = min(change, before + 1, row[column] + 1)
            }
        }
        return row[wanted.count]
    }

    /// How far a known word is from the one that was written, less for nearer; nil when too far.
    private static func rank(of name: [UInt8], for word: [UInt8]) -> Int? {
        let letters = word.filter { $0 != dash }.count
        // One letter changed or two exchanged take two steps.
        let steps = steps(from: word, to: name)
        if steps <= (letters < 4 ? 1 : letters < 8 ? 2 : 3) { return steps }
        let isBegun = letters >= 3 && name.starts(with: word)
        if isBegun { return 100 + name.count }
        let shared = zip(word, name).prefix { $0 == $1 }.filter { $0.0 != dash }.count
        if shared >= 4, 2 * shared >= letters { return 200 + steps }
        let isPart = letters >= 4 && name.split(separator: dash).contains { $0.elementsEqual(word) }
        return isPart ? 300 + name.count : nil
    }

    private static let dash = UInt8(ascii: "-")

    private static func plain(_ text: String) -> [UInt8] {
        text.lowercased().utf8.map { $0 == UInt8(ascii: "_") ? dash : $0 }
    }
}
