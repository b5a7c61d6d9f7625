import SystemCalls
import Testing

@testable import CommandSupport

@Suite struct SettingNameTests {
    @Test func `the manual describes every setting and no other`() throws {
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let bytes = try FileSystem.read(root + "/docs/man/deploy-ledger.conf.5")
        let text = String(decoding: bytes, as: UTF8.self)
        let described = text.matches(of: /\n\.BI (DEPLOY_[A-Z_]+)=/).map { String($0.1) }
        #expect(described.sorted() == SettingName.all.sorted())
    }
}
