/// Values that are no secrets, whatever the name in front of them says.
enum PlainValue {
    private static let words = [
        "true", "false", "yes", "no", "on", "off", "none", "null", "nil", "undefined", "''", "\"\"",
    ]

    /// Ways to prove who one is, which `--auth` and `AUTH=` take.
    private static let methods = [
        "basic", "digest", "bearer", "ntlm", "negotiate", "kerberos", "gssapi", "ldap", "saml",
        "oauth", "oauth2", "oidc", "token", "password", "key", "publickey", "md5", "scram",
        "scram-sha-256", "peer", "trust", "plain", "login", "auto", "any", "anonymous",
        "required", "optional", "jwt", "cert", "iam", "sso", "local", "cram-md5", "hawk",
    ]

    /// What says where the secret is instead of saying the secret.
    private static let sources = [
        "file:", "fileb://", "file=", "env:", "env.", "op://", "ref+", "arn:aws:", "vault:",
        "secretref:", "projects/", "keychain:", "process.env.", "os.environ", "secrets.",
        "/run/secrets/", "/dev/", "@microsoft.keyvault", "var.", "random_password.",
    ]

    static func isPlain(_ value: ArraySlice<UInt8>) -> Bool {
        value.isEmpty || words.contains { value.isText($0) } || isReference(value)
    }

    /// Whether it is the place of a file.
    ///
    /// A key may well begin with a slash, so that the directory has to be one that everybody has.
    static func isPath(_ value: ArraySlice<UInt8>) -> Bool {
        guard value.count < 1024, let first = value.first, "/~.$@".utf8.contains(first) else {
            return false
        }
        return places.contains { value.starts(with: $0.utf8) }
    }

    private static let places = [
        "/etc/", "/home/", "/root/", "/run/", "/var/", "/opt/", "/srv/", "/tmp/", "/usr/", "/mnt/",
        "/data/", "/app/", "/secrets/", "/keys/", "/certs/", "/builds/", "/github/", "/workspace/",
        "/dev/", "/proc/", "~/", "./", "../", "$HOME/", "@",
    ]

    static func isMethod(_ value: ArraySlice<UInt8>) -> Bool {
        methods.contains { value.isText($0) }
    }

    /// Whether somebody else puts the secret there: `$TOKEN`, `${TOKEN}`, `$(cat file)`,
    /// `${{ secrets.TOKEN }}`, `{{ token }}`, `%TOKEN%`, `file:/run/secrets/token`.
    static func isReference(_ value: ArraySlice<UInt8>) -> Bool {
        guard let first = value.first, value.count <= 256, let last = value.last else {
            return false
        }
        let rest = value.dropFirst()
        switch first {
        case UInt8(ascii: "$"): return isVariable(rest)
        case UInt8(ascii: "%"):
            return rest.count > 2 && last == first && rest.dropLast().allSatisfy(isVariableName)
        case UInt8(ascii: "{"):
            return value.starts(with: "{{".utf8) && (value.count == 2 || value.endsWith("}}"))
        case UInt8(ascii: "<"): return last == UInt8(ascii: ">") && rest.count > 1
        case UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "."):
            return value.count >= 3 && rest.allSatisfy { $0 == first }
        default: return sources.contains { value.beginsWith($0) }
        }
    }

    private static func isVariable(_ rest: ArraySlice<UInt8>) -> Bool {
        guard let first = rest.first else { return true }
        switch first {
        case UInt8(ascii: "{"):
            // `${TOKEN:-hunter2}` has the secret in it.
            let inner = rest.dropFirst().dropLast()
            let isOpen = rest.last != UInt8(ascii: "}")
            return isOpen || inner.first == first || !inner.contains { ":-=+?".utf8.contains($0) }
        case UInt8(ascii: "("): return true
        default: return rest.allSatisfy(isVariableName) || rest.count == 1
        }
    }

    /// Names of variables are of capitals; a password may well begin with `$` and a small letter.
    private static func isVariableName(_ byte: UInt8) -> Bool {
        Bytes.isUpper(byte) || Bytes.isDigit(byte) || byte == UInt8(ascii: "_")
    }
}
