import ArgumentParser
import CommandSupport
import DeployLock
import Ledger
import Queries
import Reporting
import Status
import SystemCalls

/// What a monitoring system is told, and where to.
struct ExpositionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write to this file, replacing it atomically.", valueName: "file"),
        completion: .file())
    var output: String?

    @Option(
        help: ArgumentHelp(
            "The lock to show; may be given more than once. (default: that of deploy-with-lock)",
            valueName: "path"), completion: .file())
    var lockFile: [String] = []

    @Option(
        help: ArgumentHelp(
            "Add this label to every sample; may be given more than once. (default: 'ledger' with "
                + "its path, unless it is /var/lib/deploy-ledger/ledger.db)",
            valueName: "name=value"))
    var label: [String] = []

    /// Whether there is anything that only a monitoring system is told.
    var isGiven: Bool { output != nil || !lockFile.isEmpty || !label.isEmpty }

    func validate() throws {
        _ = try SampleLabels.parse(label)
        if output?.isEmpty == true || lockFile.contains("") {
            throw ValidationError("a path is empty; give it a value or leave it out")
        }
    }

    /// Writes all figures.
    func write(_ exposition: Exposition, of ledger: LedgerOptions) throws {
        let configuration = try Configuration.forCommand()
        let settings = try ledger.settings(configuration)
        let reader = try settings.open()
        let locks = LockPlace.paths(lockFile, configuration).map {
            LiveLock(LockLook(of: $0, ledger: settings))
        }
        let report = try Failure.wrap {
            try DeploymentExposition(
                reader.connection, locks: locks, spool: settings.spooled, version: Tool.version,
                now: Instant(microseconds: Clock.wallMicroseconds()))
        }
        let labels = SampleLabels.all(try SampleLabels.parse(label), ledger: settings.path)
        let text = report.text(exposition, labels: labels)
        if let output {
            do throws(SystemError) {
                // The collector runs as somebody else.
                try FileReplacement.write(Array(text.utf8), to: output, FileAccess(mode: 0o644))
            } catch {
                throw Failure.unwritable(output, error)
            }
        } else {
            try StandardOutput.print(text)
        }
        for lock in locks {
            if let problem = lock.problem { Terminal.complain("deploystats: \(problem)") }
        }
    }
}
