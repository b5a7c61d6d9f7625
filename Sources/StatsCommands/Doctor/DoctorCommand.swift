import ArgumentParser
import CommandSupport
import DeployLock
import JSON
import Ledger
import Queries
import Status
import SystemCalls
import Wording

/// `deploystats doctor`.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check that this machine is set up to run and record deployments.",
        discussion: """
            Checks owners, groups and modes of ledger, lock and spools, file systems, PATH in \
            crontabs, how users are looked up, the clock, the versions of the tools, and \
            deployments of which nothing was recorded. Changes nothing. Run it as a user who \
            deploys and once as root, which sees more.

            EXIT CODES
              0    nothing, or notes only
              1    at least one warning
              2    at least one critical finding
              64   usage error
            """)

    @Option(
        help: ArgumentHelp("A lock to check; may be given more than once.", valueName: "path"),
        completion: .file())
    var lock: [String] = []

    @OptionGroup(title: "Output")
    var output: DocumentOutputOptions

    @OptionGroup(title: "Ledger")
    var ledger: LedgerOptions

    func run() throws {
        let configuration = try Configuration.forCommand()
        let settings = try ledger.settings(configuration)
        let findings = Self.findings(
            settings, configuration, LockPlace.paths(lock, configuration))
        try output.print(Diagnosis(findings: findings, ledger: settings.path))
        try Self.end(findings)
    }

    /// The same for the usual lock, in words, behind another command.
    static func diagnose(
        _ settings: LedgerSettings, _ configuration: Configuration, _ style: Style
    ) throws {
        let findings = findings(settings, configuration, LockPlace.paths([], configuration))
        try OutputFormat.table.print(
            Diagnosis(findings: findings, ledger: settings.path), style)
        try end(findings)
    }

    private static func end(_ findings: [Finding]) throws {
        switch findings.map(\.severity).max() {
        case .critical: throw ExitCode(ExitCodes.Stats.critical)
        case .warning: throw ExitCode(ExitCodes.Stats.warning)
        case .note, nil: break
        }
    }

    /// Everything that was found, worst first.
    private static func findings(
        _ settings: LedgerSettings, _ configuration: Configuration, _ locks: [LockPaths]
    ) -> [Finding] {
        let mounts = MountTable()
        let sharer = SharedDirectory.sharer(of: Path.parent(of: settings.path))
        let found =
            LedgerCheck(settings: settings, mounts: mounts).findings
            + SpoolCheck(settings: settings).findings
            + ConfigurationCheck(settings: settings, configuration: configuration).findings
            + locks.flatMap { LockCheck(paths: $0, mounts: mounts, sharer: sharer).findings }
            + CronCheck(directory: MachineCheck.directory(of: "deploy-with-lock")).findings
            + MachineCheck(settings: settings).findings
        return found.enumerated()
            .sorted { ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset) }
            .map(\.element)
    }
}

/// What was found, worst first.
private struct Diagnosis: Printable {
    let findings: [Finding]
    let ledger: String

    var json: JSONValue {
        .object([
            ("ledger", .string(ledger)), ("findings", .array(lines)),
        ])
    }

    var lines: [JSONValue] {
        findings.map { finding in
            .object([
                ("severity", .string(finding.severity.word)),
                ("subject", .string(finding.subject)), ("text", .string(finding.text)),
                ("remedy", .optional(finding.remedy)),
            ])
        }
    }

    func text(_ renderer: TextRenderer) -> String {
        let style = renderer.style
        if findings.isEmpty { return style.verdict("OK", isGood: true) + "  no findings\n" }
        return findings.map { finding in
            let word = finding.severity.word.uppercased()
            let verdict =
                finding.severity == .note
                ? word : style.verdict(word, isGood: false)
            let blanks = String(repeating: " ", count: 10 - word.count)
            let line = "\(verdict)\(blanks)\(finding.subject): \(finding.text.escapedForTerminal)"
            let remedy = finding.remedy.map { "\n          $ \($0.escapedForTerminal)" } ?? ""
            return line + remedy + "\n"
        }.joined()
    }
}
