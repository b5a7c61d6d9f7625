/// Takes recognisable secrets out of text before it is written anywhere.
///
/// What is recognised: values of flags and variables whose name says so, passwords in URLs, in
/// `Authorization` headers and after curl's `-u`, and keys whose shape gives them away. Written
/// by hand over bytes: a regular expression would cost the start of every deployment.
public enum Masking {
    static let replacement = Array("***".utf8)

    /// Masks a command's arguments, also where a flag and its value are two arguments.
    public static func mask(arguments: [String]) -> [String] {
        var result: [String] = []
        var previous: [UInt8] = []
        for argument in arguments {
            let bytes = Array(argument.utf8)
            if isSecretFlag(previous[...]) && !argument.hasPrefix("-") {
                result.append(String(decoding: replacement, as: UTF8.self))
            } else if isUserFlag(previous), let colon = userPassword(in: bytes[...]) {
                result.append(String(decoding: bytes[...colon] + replacement, as: UTF8.self))
            } else if let start = wholeValue(of: bytes, after: previous) {
                result.append(String(decoding: bytes[..<start] + replacement, as: UTF8.self))
            } else {
                result.append(mask(argument))
            }
            previous = bytes
        }
        return result
    }

    /// Masks what looks like a secret inside one text.
    public static func mask(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var scanner = SecretScanner(bytes)
        let secrets = scanner.secrets()
        if secrets.isEmpty { return text }
        var result: [UInt8] = []
        var position = 0
        for secret in secrets {
            result += bytes[position..<secret.lowerBound] + replacement
            position = secret.upperBound
        }
        return String(decoding: result + bytes[position...], as: UTF8.self)
    }

    // MARK: - Names

    private static let secretWords: Set<String> = [
        "password", "passwd", "passphrase", "pwd", "pass", "token", "secret", "apikey",
        "credential", "credentials", "privatekey", "accesskey", "secretkey", "authtoken",
        "accesstoken", "clientsecret", "bearer",
    ]

    /// Whether a name such as `DB_PASSWORD`, `api-key` or `githubToken` announces a secret.
    static func isSecretName(_ name: ArraySlice<UInt8>, isVariable: Bool) -> Bool {
        let words = words(of: name)
        guard let last = words.last, words.first != "no" else { return false }
        // The shell's own variable names a directory.
        if words == ["pwd"] || words == ["oldpwd"] { return false }
        if secretWords.contains(last) || secretWords.contains(words.joined()) { return true }
        guard words.count > 1 else { return false }
        let pair = words[words.count - 2] + last
        if secretWords.contains(pair) { return true }
        // `DEPLOY_KEY=…` is worth hiding, `--sort-key=…` is not.
        return isVariable && last == "key" && words[words.count - 2] != "public"
    }

    /// curl and others take `user:password` after it; so does docker take `uid:gid`.
    private static func isUserFlag(_ argument: [UInt8]) -> Bool {
        argument.elementsEqual("-u".utf8) || argument.elementsEqual("--user".utf8)
    }

    /// Where the password begins in `user:password`, less one; nil for `uid:gid` and for a URL.
    static func userPassword(in value: ArraySlice<UInt8>) -> Int? {
        guard let colon = value.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let password = value[(colon + 1)...]
        if password.starts(with: "//".utf8) { return nil }
        return password.allSatisfy { 0x30...0x39 ~= $0 } ? nil : colon
    }

    /// Where the value begins in `--password=…` or `DB_PASSWORD=…` that is a whole argument, so
    /// that all of it is secret, spaces included; after `-c` it is the start of a script.
    private static func wholeValue(of argument: [UInt8], after previous: [UInt8]) -> Int? {
        guard !previous.elementsEqual("-c".utf8),
            let equals = argument.firstIndex(of: UInt8(ascii: "="))
        else { return nil }
        let isFlag = argument.starts(with: "--".utf8)
        let name = argument[(isFlag ? 2 : 0)..<equals]
        guard name.allSatisfy(SecretScanner.isName), isSecretName(name, isVariable: !isFlag)
        else { return nil }
        return equals + 1
    }

    private static func isSecretFlag(_ argument: ArraySlice<UInt8>) -> Bool {
        guard argument.starts(with: "--".utf8), !argument.contains(UInt8(ascii: "=")) else {
            return false
        }
        return isSecretName(argument.dropFirst(2), isVariable: false)
    }

    /// The words of a name in lower case: `DB_PASSWORD` and `db-password` → `db`, `password`.
    private static func words(of name: ArraySlice<UInt8>) -> [String] {
        var words: [[UInt8]] = [[]]
        var wasLower = false
        for byte in name {
            let isUpper = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            if byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") {
                words.append([])
                wasLower = false
                continue
            }
            if isUpper && wasLower { words.append([]) }
            words[words.count - 1].append(isUpper ? byte | 0x20 : byte)
            wasLower = !isUpper
        }
        return words.filter { !$0.isEmpty }.map { String(decoding: $0, as: UTF8.self) }
    }
}
