import Secrets
import Testing

/// Nobody who gives a deployment a long text makes it wait: the time grows with the length alone.
@Suite(.serialized) struct HostileInputTests {
    @Test(arguments: [
        "a-", "a=", "password=", "password=$", "pwd=/", "pwd=/ ", "token:{", "X-token:{", "'", "\"",
        "\\\"", "\"password\":\"", "$(", "`", "(", "a://", "a://b@", "a://b:c@ ", "cookie: ",
        "cookie:", "Authorization: $A ", "bearer ", "basic ", "-----BEGIN ", "<password>", "curl ",
        "curl -u ", "curl mysql sshpass vault ", "-a ", "--secret a=b docker ", "a b='", "a 'b ",
        "identified by ", "using ", "eyJa.", "12345678:", "token=${", "set TOKEN_A ", "x;", "x\\",
        "echo a | sudo -S b ", "sh -c 'sh -c \"x\" ' ", "password=a,b=", "ghp_", "ACME_",
    ])
    func `a long text takes time by its length`(piece: String) {
        func duration(_ bytes: Int) -> Duration {
            let text = String(repeating: piece, count: bytes / piece.utf8.count)
            let words = text.split(separator: " ").map(String.init)
            return (0..<3).map { _ in
                ContinuousClock().measure {
                    _ = Masking.mask(text)
                    _ = Masking.mask(arguments: words)
                }
            }.min() ?? .zero
        }
        let short = max(duration(1 << 10), .milliseconds(1))
        // 16 times as long, and more than that on a loaded machine; what grows with the square
        // would take 256 times as long.
        let long = duration(1 << 14)
        #expect(long < short * 128, "\(long), \(short)")
    }

    @Test func `a command of many words is masked`() {
        let words = (0..<10_000).map { "/srv/app/releases/\($0)" } + ["--password", "hunter2"]
        #expect(Masking.mask(arguments: words).last == "***")
        #expect(Masking.mask(words.joined(separator: " ")).hasSuffix(" --password ***"))
    }
}
