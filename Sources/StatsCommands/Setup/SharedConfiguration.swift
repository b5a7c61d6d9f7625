import SystemCalls

/// The configuration file for a team: the ledger it shares, and every other setting as a comment.
struct SharedConfiguration: Hashable {
    let ledger: String
    let group: String
    /// The lock; nil for the usual one.
    var lock: String?

    /// What it sets.
    var settings: String {
        line + (lock.map { " and DEPLOY_LOCK_FILE=\($0)" } ?? "")
    }

    private var line: String { ConfigurationCheck.line(ledger) }

    /// The file that packages bring, for this ledger and this group.
    var text: String {
        EmbeddedConfigurations.deployLedger
            .replacing(Self.packaged.line, with: line)
            .replacing("group \(Self.packaged.group)", with: "group \(group)")
            .replacing(
                "#DEPLOY_LOCK_FILE=path",
                with: lock.map { "DEPLOY_LOCK_FILE=\($0)" } ?? "#DEPLOY_LOCK_FILE=path")
    }

    private static let packaged = SharedConfiguration(
        ledger: "/var/lib/deploy-ledger/ledger.db", group: SharedDirectory.usualGroup)

    /// Writes it unless there is one by now; never half of it.
    func write(to path: String) throws(SystemError) {
        let directory = try Directory.make(Path.parent(of: path), FileAccess(mode: 0o755))
        let draft = try directory.draft(of: Path.name(of: path), FileAccess(mode: 0o644))
        do {
            try draft.file.write(Array(text.utf8))
            try draft.file.synchronizeData()
            if try directory.renameWithoutReplacing(draft.name, to: Path.name(of: path)) { return }
        } catch {
            try? directory.unlink(draft.name)
            throw error
        }
        try directory.unlink(draft.name)
    }
}
