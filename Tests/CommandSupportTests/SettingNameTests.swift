import SystemCalls
import TestSupport
import Testing

@testable import CommandSupport

@Suite struct SettingNameTests {
    @Test func `the manual describes every setting and no other`() throws {
        let bytes = try FileSystem.read(Repository.path("docs/man/deploy-ledger.conf.5"))
        let text = String(decoding: bytes, as: UTF8.self)
        let described = text.matches(of: /\n\.BI (DEPLOY_[A-Z_]+)=/).map { String($0.1) }
        #expect(described.sorted() == SettingName.all.sorted())
    }
}
