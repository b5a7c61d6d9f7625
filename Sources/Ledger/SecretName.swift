/// Which names announce a secret: of variables, flags, headers and keys in JSON.
///
/// Endings decide, the words of a name run together, so that `PGPASSWORD`, `db-password`,
/// `dbPassword` and `-Dspring.datasource.password` are all found and `--password-file` is not.
struct SecretName {
    private let isSecret: Bool
    /// Names of methods are values, too: `--auth=basic`.
    private let isMethod: Bool
    private let isCookie: Bool

    /// - Parameter isVariable: whether it is a variable and no flag: `DEPLOY_KEY=…` is worth
    ///   hiding, `--sort-key=…` is not.
    init(_ name: ArraySlice<UInt8>, isVariable: Bool) {
        isMethod = Self.hasEnding(name, "auth")
        isCookie = Self.hasEnding(name, "cookie")
        isSecret = Self.isSecret(name, isVariable: isVariable)
    }

    /// Whether what follows the name is to be hidden.
    func hides(_ value: ArraySlice<UInt8>) -> Bool {
        guard isSecret, !Self.isOne(of: Self.plainValues, value) else { return false }
        if isCookie { return value.contains(UInt8(ascii: "=")) }
        return !isMethod || !Self.isOne(of: Self.methods, value)
    }

    /// Whether it announces a secret in the word after `-name`, where letters may also be options
    /// that are run together.
    static func isSecretAfterOneDash(_ name: ArraySlice<UInt8>) -> Bool {
        isOne(of: endings, name) || hasEnding(name, "password") || hasEnding(name, "token")
            || hasEnding(name, "storepass") || hasEnding(name, "keypass")
    }

    /// Whether `name: value` without quotes announces a secret, too; `auth: allow guests` is
    /// how people begin the message of a commit.
    var isSecretBeforeColon: Bool { isSecret && !isMethod }

    // MARK: - Endings

    private static let endings = [
        "password", "passwd", "passphrase", "passcode", "pwd", "pass", "pw", "token", "secret",
        "apikey", "accesskey", "secretkey", "privatekey", "masterkey", "accountkey",
        "encryptionkey", "sharedkey", "authkey", "signingkey", "licensekey", "credential",
        "credentials", "auth", "authorization", "bearer", "cookie", "sessionid", "sessid",
        "connect.sid", "jwt",
    ]

    /// Words that only end like a secret, and the shell's own variables, which name directories.
    private static let harmless = ["bypass", "compass", "overpass", "underpass", "trespass"]
    private static let directories = ["pwd", "oldpwd"]
    private static let plainValues = ["true", "false", "yes", "no", "on", "off", "none", "null"]
    private static let methods = [
        "basic", "digest", "bearer", "ntlm", "negotiate", "kerberos", "gssapi", "ldap", "saml",
        "oauth", "oauth2", "oidc", "token", "password", "key", "publickey", "md5", "scram",
        "peer", "trust", "plain", "login", "auto", "any", "anonymous", "required", "optional",
    ]

    private static func isSecret(_ name: ArraySlice<UInt8>, isVariable: Bool) -> Bool {
        // Nobody's name for anything is that long.
        guard 2...128 ~= name.count, !begins(name, "no-") else { return false }
        if isOne(of: directories, name) { return false }
        if harmless.contains(where: { hasEnding(name, $0) }) { return false }
        if endings.contains(where: { hasEnding(name, $0) }) { return true }
        guard isVariable, hasEnding(name, "key"), !hasEnding(name, "publickey") else {
            return false
        }
        // A word of its own that is not the only one: `DEPLOY_KEY`, `deployKey`, not `monkey`.
        guard name.count > 3 else { return false }
        let before = name[name.endIndex - 4]
        let isCapital = name[name.endIndex - 3] == UInt8(ascii: "K")
        return isSeparator(before) || isCapital && !(0x41...0x5a ~= before)
    }

    /// Whether the name begins with the word.
    private static func begins(_ name: ArraySlice<UInt8>, _ word: String) -> Bool {
        var position = name.startIndex
        for wanted in word.utf8 {
            guard position < name.endIndex else { return false }
            let byte = name[position]
            guard isSeparator(byte) ? isSeparator(wanted) : lower(byte) == wanted else {
                return false
            }
            position += 1
        }
        return true
    }

    /// Whether the name ends with the word, separators and case left out of account.
    private static func hasEnding(_ name: ArraySlice<UInt8>, _ word: String) -> Bool {
        var position = name.endIndex
        for wanted in word.utf8.reversed() where !isSeparator(wanted) {
            repeat {
                guard position > name.startIndex else { return false }
                position -= 1
            } while isSeparator(name[position])
            if lower(name[position]) != wanted { return false }
        }
        return true
    }

    private static func isOne(of words: [String], _ value: ArraySlice<UInt8>) -> Bool {
        words.contains { word in
            word.utf8.count == value.count
                && zip(word.utf8, value).allSatisfy { $0 == lower($1) }
        }
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        0x41...0x5a ~= byte ? byte | 0x20 : byte
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }
}
