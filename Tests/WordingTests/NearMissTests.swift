import Testing
import Wording

@Suite struct NearMissTests {
    private static let known = [
        "metrics", "report", "explain", "alerts", "events", "deployments", "show", "queue", "query",
        "sql", "verify", "record", "export", "import", "succeeded", "failed", "timed_out",
        "cancelled", "skip_rate", "lock_wait_time", "holder-at", "double-holders", "--grace",
        "--force-unlock", "--timeout", "--tier",
    ]

    @Test(arguments: [
        ("metrcs", "metrics"), ("metric", "metrics"), ("eport", "report"), ("verfiy", "verify"),
        ("success", "succeeded"), ("failure", "failed"), ("timeout", "timed_out"),
        ("canceled", "cancelled"), ("skiprate", "skip_rate"), ("skip-rte", "skip_rate"),
        ("holder", "holder-at"), ("holders", "holder-at"), ("--force", "--force-unlock"),
        ("--timout", "--timeout"), ("--teir", "--tier"), ("deploy", "deployments"),
        ("wait", "lock_wait_time"), ("METRICS", "metrics"),
    ])
    func `the word that was meant is found`(_ word: String, _ meant: String) {
        #expect(NearMiss.meant(word, among: Self.known) == meant)
    }

    @Test(arguments: ["", "x", "restart", "ok", "--json", "--x", "nonsense", "#5", "für"])
    func `no word is guessed without a near match`(_ word: String) {
        #expect(NearMiss.meant(word, among: Self.known) == nil)
        #expect(NearMiss.question(word, among: Self.known) == "")
    }
}
