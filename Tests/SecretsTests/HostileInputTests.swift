import Glibc
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
        func processorTime(_ bytes: Int) -> Duration {
            let text = String(repeating: piece, count: bytes / piece.utf8.count)
            let words = text.split(separator: " ").map(String.init)
            return (0..<3).map { _ -> Duration in
                let began = Self.processorTime()
                _ = Masking.mask(text)
                _ = Masking.mask(arguments: words)
                return Self.processorTime() - began
            }.min() ?? .zero
        }
        let short = max(processorTime(1 << 10), .milliseconds(1))
        // 16 times as long, with room for cold caches; what grows with the square would take 256
        // times as long. What else the machine does is not counted.
        let long = processorTime(1 << 14)
        #expect(long < short * 128, "\(long), \(short)")
    }

    /// What this thread has used so far.
    private static func processorTime() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    @Test func `a command of many words is masked`() {
        let words = (0..<10_000).map { "/srv/app/releases/\($0)" } + ["--password", "hunter2"]
        #expect(Masking.mask(arguments: words).last == "***")
        #expect(Masking.mask(words.joined(separator: " ")).hasSuffix(" --password ***"))
    }
}
