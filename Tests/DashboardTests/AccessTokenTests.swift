import Secrets
import Testing

@testable import Dashboard

@Suite("Tokens of the dashboard")
struct AccessTokenTests {
    @Test func `are known as secrets wherever they stand`() {
        let (_, secret) = AccessToken.make("test", expires: nil)
        #expect(Masking.mask("deploy \(secret) now") == "deploy *** now")
        #expect(Masking.mask(arguments: ["deploy", secret]) == ["deploy", "***"])
    }
}
