/// Which names announce a secret: of variables, options, headers and keys in JSON.
///
/// A name is divided into its words. One of them has to mean a secret, alone (`token`) or with the
/// one before it (`access key`); a word before it or behind it may say that the value is something
/// else about the secret: `max-tokens`, `token_ttl`, `password-file`.
struct SecretName {
    /// What has the name.
    enum Kind {
        /// `NAME=x`, `"name": "x"`, `Name: x`.
        case variable
        /// `--name=x`.
        case option
        /// `-Dname=x`, `-name=x`.
        case shortOption
        /// `--name x`, which may also be an option without a value and a word.
        case announcement
        /// `-name x`, which may also be letters of several options.
        case shortAnnouncement
    }

    let isSecret: Bool
    /// Names of methods are values, too: `--auth=basic`.
    private var isMethod = false
    private var isCookie = false
    /// Directories of the shell: `PWD=/srv`.
    private var isDirectory = false
    /// Numbers are numbers of something: `TOKENS=5`.
    private var isCount = false
    /// Whether the name is no more than the word for a secret.
    let isBare: Bool

    init(_ name: ArraySlice<UInt8>, as kind: Kind) {
        // Nobody's name for anything is that long.
        guard 2...128 ~= name.count else { (isSecret, isBare) = (false, true); return }
        if OwnPatterns.current.hasName(name) { (isSecret, isBare) = (true, false); return }
        let words = NameWords(name)
        isBare = words.count == 1
        guard let place = Self.secretWord(of: words, kind) else { isSecret = false; return }
        isSecret =
            !Self.isHarmless(words, around: place, kind)
            && (kind != .shortAnnouncement || Self.isClear(words))
        let last = words[words.count - 1]
        isMethod = last.endsWith("auth")
        isCookie = last.isText("cookie") && (words.count == 1 || !words.isUpper)
        isDirectory = words.count == 1 && last.endsWith("pwd")
        isCount = last.endsWith("tokens")
    }

    /// A name in front of a value without any sign between: `set NAME value`; nil when it is not
    /// clear enough that it is one.
    init?(assigned text: [UInt8]) {
        let start = text.lastIndex { !Bytes.isName($0) }.map { $0 + 1 } ?? 0
        let name = SecretName(text[start...], as: .variable)
        // `kubectl config set-credentials ann`
        if text[start...].beginsWith("set") { return nil }
        let isUpper = !text[start...].contains(where: Bytes.isLower)
        guard name.isSecret, start > 0 || isUpper || !name.isBare || text.endsWith("pass")
        else { return nil }
        self = name
    }

    /// Whether what follows the name is to be hidden.
    func hides(_ value: ArraySlice<UInt8>) -> Bool {
        guard isSecret, !PlainValue.isPlain(value) else { return false }
        if isCookie { return value.contains(UInt8(ascii: "=")) }
        if isDirectory, value.count < 4096, "/~.$".utf8.contains(value.first ?? 0) { return false }
        if isCount, value.allSatisfy(Bytes.isDigit) { return false }
        return !isMethod || !PlainValue.isMethod(value)
    }

    /// Whether `name: value` without quotes announces a secret, too; `auth: allow guests` is
    /// how people begin the message of a commit.
    var isSecretBeforeColon: Bool { isSecret && !isMethod }

    // MARK: - Words

    /// The number of the last word that means a secret; nil when none does.
    private static func secretWord(of words: NameWords, _ kind: Kind) -> Int? {
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

    private static func isHarmless(_ words: NameWords, around place: Int, _ kind: Kind) -> Bool {
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
    private static func isClear(_ words: NameWords) -> Bool {
        if words.count > 1 || words.isWord(0, in: strong + weak) { return true }
        return ["password", "token", "storepass", "keypass"].contains { words[0].endsWith($0) }
    }
}
