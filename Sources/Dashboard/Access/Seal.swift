import Crypto
import Ledger

/// What proves that a text was made by somebody who knows a token's hash: this server, or whoever
/// may read its token file.
///
/// A restart changes nothing of it, and a token that is removed takes with it what was sealed for it.
enum Seal {
    /// What a text is for; one for the one is none for the other.
    enum Purpose: String {
        case session, link
    }

    /// The seal of a text.
    static func make(_ purpose: Purpose, _ text: String, for token: AccessToken) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: message(purpose, text), using: SymmetricKey(data: token.hash))
        return Hexadecimal.encode(code)
    }

    /// Whether it is; how long it takes tells nothing.
    static func isValid(
        _ seal: some StringProtocol, _ purpose: Purpose, _ text: String, for token: AccessToken
    ) -> Bool {
        guard let code = Hexadecimal.decode(String(seal).utf8) else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(
            code, authenticating: message(purpose, text), using: SymmetricKey(data: token.hash))
    }

    private static func message(_ purpose: Purpose, _ text: String) -> [UInt8] {
        Array("deploy-dashboard \(purpose.rawValue)\n\(text)".utf8)
    }
}
