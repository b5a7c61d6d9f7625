import ArgumentParser
import CommandSupport
import Ledger
import Wording

/// `deploystats import deployments`.
struct ImportDeploymentsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deployments",
        abstract: "Import what another program deployed.",
        discussion: """
            Reads one JSON object per line, with at least format (which is 1), source, host, \
            ended_at and outcome. docs/import-format.md describes it; examples/import has \
            converters. Each deployment is imported once, however often this is called. With one \
            wrong line nothing is imported.

            EXIT CODES
              0    done
              1    the file has a wrong line, or the ledger could not be written
              64   usage error
            """)

    @Option(
        help: ArgumentHelp("The file; '-' for standard input.", valueName: "path"),
        completion: .file())
    var file: String

    @OptionGroup(title: "Ledger")
    var ledger: LedgerOptions

    func run() throws {
        let runs = try read()
        let target = ImportTarget(try ledger.settings(), word: "deployment")
        var known = try target.known(among: runs.map(\.identity))
        for run in runs.sorted(by: { $0.endedAtUs < $1.endedAtUs }) {
            if known.insert(run.identity).inserted {
                try target.add(run)
            } else {
                target.skipKnown()
            }
        }
        try target.flush()
        target.clearProgress()
        try StandardOutput.print(target.summary + "\n")
    }

    private func read() throws -> [ImportedRun] {
        let name = file == "-" ? "standard input" : file
        let lines = try ImportTarget.read(file)
            .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        var runs: [ImportedRun] = []
        for (index, line) in lines.enumerated() where line.contains(where: { $0 > 32 }) {
            do throws(ToldDeployment.Flaw) {
                runs.append(try ToldDeployment(line).run)
            } catch {
                throw Failure.because(
                    "\(name): line \(index + 1): \(error.words.escapedForTerminal)")
            }
        }
        return runs
    }
}
