/// Which words of a name count.
extension SecretName {
    /// The number of the last word that means a secret; nil when none does.
    static func secretWord(of words: NameWords, _ kind: Kind) -> Int? {
        for index in (0..<words.count).reversed() {
            if isStrong(words, at: index) { return index }
            // Weak words mean a secret at the end only, ignoring where it is used.
            guard (index + 1..<words.count).allSatisfy({ words.isWord($0, in: qualifiers) })
            else { continue }
            if isWeak(words, at: index) { return index }
            if kind == .variable, isKey(words, at: index) { return index }
        }
        return nil
    }

    private static func isStrong(_ words: NameWords, at index: Int) -> Bool {
        let word = words[index]
        if words.isWord(index, in: strong) { return true }
        if strongEndings.contains(where: { word.endsWith($0) }) { return true }
        guard index > 0 else { return false }
        let before = words[index - 1]
        return pairs.contains { before.endsWith($0.first) && word.isText($0.second) }
    }

    private static func isWeak(_ words: NameWords, at index: Int) -> Bool {
        let word = words[index]
        if words.isWord(index, in: weak) { return true }
        if words.isWord(index, in: harmlessEndings) { return false }
        return weakEndings.contains { word.endsWith($0) }
    }

    /// `DEPLOY_KEY`, `deployKey`, not `monkey` nor `SORT_KEY`.
    private static func isKey(_ words: NameWords, at index: Int) -> Bool {
        guard index > 0, words[index].isText("key") else { return false }
        return !words.isWord(index - 1, in: harmlessKeys)
    }

    static func isHarmless(_ words: NameWords, around place: Int, _ kind: Kind) -> Bool {
        if kind == .announcement, place > 0, words.isWord(0, in: verbs),
            !(words[0].isText("refresh") || words[0].isText("update"))
                || !words[place].isText("token")
        {
            return true
        }
        if (0..<place).contains(where: { words.isWord($0, in: leads) }) { return true }
        if place > 0, words[place].isText("token") || words[place].isText("tokens"),
            words.isWord(place - 1, in: tokenLeads)
        {
            return true
        }
        guard (place + 1..<words.count).contains(where: { words.isWord($0, in: tails) }) else {
            return false
        }
        // The second half of a pair that is a login of its own, in Vault's AppRole.
        let isSecretID =
            words.count == place + 2 && words[place].isText("secret")
            && words[place + 1].isText("id")
        return !isSecretID || kind == .option || kind == .announcement
    }

    /// Whether `-name` is no row of letters.
    static func isClear(_ words: NameWords) -> Bool {
        if words.count > 1 || words.isWord(0, in: strong + weak) { return true }
        return ["password", "token", "storepass", "keypass"].contains { words[0].endsWith($0) }
    }
}
