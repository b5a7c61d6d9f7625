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
    /// Names whose values are `user:password` or one secret: `--basic-auth`, `--dest-creds`.
    private var isLogin = false
    /// Names whose values may be the place of a file: `SSH_PRIVATE_KEY=/etc/key`.
    private var isFile = false
    /// Whether the name is no more than the word for a secret.
    let isBare: Bool

    init(_ name: ArraySlice<UInt8>, as kind: Kind) {
        // Nobody's name for anything is that long.
        guard 2...128 ~= name.count else { (isSecret, isBare) = (false, true); return }
        if OwnPatterns.current.hasName(name) { (isSecret, isBare) = (true, false); return }
        let words = NameWords(name)
        isBare = words.count == 1 && words.isWord(0, in: Self.strong + Self.weak)
        guard let place = Self.secretWord(of: words, kind) else { isSecret = false; return }
        isSecret =
            !Self.isHarmless(words, around: place, kind)
            && (kind != .shortAnnouncement || Self.isClear(words))
        let last = words[words.count - 1]
        isMethod = last.endsWith("auth")
        isCookie = last.isText("cookie") && (words.count == 1 || !words.isUpper)
        isDirectory = words.count == 1 && last.endsWith("pwd")
        isCount = last.endsWith("tokens")
        isLogin = isMethod || last.endsWith("creds") || last.endsWith("credentials")
        isFile = isLogin || isCookie || last.isText("key") && !Self.isOfLetters(words, place)
    }

    /// Whether a key is some letters and no file as a rule.
    private static func isOfLetters(_ words: NameWords, _ place: Int) -> Bool {
        place > 0
            && ["api", "access", "secret", "account", "storage", "app", "license", "session"]
                .contains { words[place - 1].endsWith($0) }
    }

    /// What of the value is to be hidden; nil when nothing is.
    func secret(in value: ArraySlice<UInt8>) -> Range<Int>? {
        guard hides(value) else { return nil }
        let start = isLogin ? Place.password(in: value) : nil
        return (start ?? value.startIndex)..<value.endIndex
    }

    /// A name in front of a value without any sign between: `set NAME value`; nil when it is not
    /// clear enough that it is one.
    init?(assigned text: [UInt8]) {
        let start = text.lastIndex { !Bytes.isName($0) }.map { $0 + 1 } ?? 0
        let name = SecretName(text[start...], as: .variable)
        // `kubectl config set-credentials ann`
        if text[start...].beginsWith("set") { return nil }
        let isUpper = !text[start...].contains(where: Bytes.isLower)
        guard name.isSecret, start > 0 || isUpper || !name.isBare else { return nil }
        self = name
    }

    private func hides(_ value: ArraySlice<UInt8>) -> Bool {
        guard isSecret, !PlainValue.isPlain(value) else { return false }
        if isCookie { return value.contains(UInt8(ascii: "=")) }
        if isDirectory, value.count < 4096, "/~.$".utf8.contains(value.first ?? 0) { return false }
        if isFile, PlainValue.isPath(value) { return false }
        if isCount, value.allSatisfy(Bytes.isDigit) { return false }
        return !isMethod || !PlainValue.isMethod(value)
    }

    /// Whether `name: value` without quotes announces a secret, too; `auth: allow guests` is
    /// how people begin the message of a commit.
    var isSecretBeforeColon: Bool { isSecret && !isMethod }
}
