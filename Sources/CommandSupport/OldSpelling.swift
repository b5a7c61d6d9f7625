/// An option under the name it had before it got a better one: scripts that use it go on working.
///
/// `docs/compatibility.md` has the same list, and for how long.
package struct OldSpelling: Hashable, Sendable {
    /// What scripts may still say.
    package let old: String
    /// What the option is called.
    package let now: String

    private init(_ old: String, now: String) {
        self.old = old
        self.now = now
    }

    /// `deploy-with-lock`: step aside for a newer deployment.
    package static let supersede = OldSpelling("--supersede", now: "--yield-to-newer")
    /// `deploy-with-lock`: deploy however many are waiting.
    package static let forceQueue = OldSpelling("--force-queue", now: "--ignore-max-queue")
    /// `check-deploy-lock`: the number of the deployment whose lock to free.
    package static let id = OldSpelling("--id", now: "--number")

    /// Says which names of a command line are old, in one line, however many there are.
    package static func hint(at used: Set<OldSpelling>) {
        guard !used.isEmpty else { return }
        let names = used.sorted { $0.old < $1.old }.map { "\($0.old) is now called \($0.now)" }
        Terminal.complain(
            "\(Tool.name): hint: \(names.joined(separator: ", ")); the old "
                + (names.count > 1 ? "names still work" : "name still works"))
    }
}
