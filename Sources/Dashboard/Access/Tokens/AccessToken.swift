import Crypto
import Ledger
package import Queries
import SystemCalls
import Wording

/// Somebody who is let in: a name, and the hash of the secret that goes with it.
package struct AccessToken: Hashable, Sendable {
    /// What people call it, such as `laptop`.
    package let name: String
    /// SHA-256 of the secret, which is random, so that nothing slower is needed.
    let hash: [UInt8]
    /// From when on it is not valid any longer; nil for never.
    package let expires: Instant?

    /// A new one with a secret of its own.
    ///
    /// - Returns: the token, and its secret, which is nowhere else.
    package static func make(_ name: String, expires: Instant?) -> (AccessToken, secret: String) {
        let secret = "ddt_" + Hexadecimal.encode(Machine.randomBytes(32))
        return (AccessToken(name: name, hash: digest(secret), expires: expires), secret)
    }

    init(name: String, hash: [UInt8], expires: Instant?) {
        self.name = name
        self.hash = hash
        self.expires = expires
    }

    /// Whether it is valid at a moment.
    package func isValid(at now: Instant) -> Bool { expires.map { now < $0 } ?? true }

    /// Whether a text can be the name of one: letters, digits, `.`, `_` and `-`.
    package static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy {
                switch $0 {
                case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-": true
                default: false
                }
            }
    }

    static func digest(_ secret: String) -> [UInt8] { Array(SHA256.hash(data: Array(secret.utf8))) }
}

/// As a line of the file.
extension AccessToken {
    /// Such as `laptop sha256:… 2027-01-01T00:00:00Z`.
    var line: String {
        let end = expires.map { " " + RFC3339.toTheSecond($0.microseconds) } ?? ""
        return "\(name) \(Self.prefix)\(Hexadecimal.encode(hash))\(end)"
    }

    /// Nil for a line that is none.
    init?(line: some StringProtocol) {
        let words = String(line).split(separator: " ").map(String.init)
        guard (2...3).contains(words.count), Self.isName(words[0]),
            words[1].hasPrefix(Self.prefix),
            let hash = Hexadecimal.decode(words[1].utf8.dropFirst(Self.prefix.utf8.count)),
            hash.count == SHA256.byteCount
        else { return nil }
        var expires: Instant?
        if words.count > 2 {
            guard let moment = RFC3339.microseconds(of: words[2]) else { return nil }
            expires = Instant(microseconds: moment)
        }
        self.init(name: words[0], hash: hash, expires: expires)
    }

    private static let prefix = "sha256:"
}
