import ArgumentParser
import Ledger
import Queries
import Reporting

/// What is said when a name does not mean one deployment.
enum DeploymentChoice {
    /// Runs `body`; a name that does not mean one deployment is said in words.
    static func wrap<Result>(
        locks: [String], in reader: LedgerReader, _ zone: Zone, _ body: () throws -> Result
    ) throws -> Result {
        do {
            return try body()
        } catch DeploymentLookup.Mistake.unknown(let name) {
            throw unknown(name, locks: locks, in: reader)
        } catch DeploymentLookup.Mistake.ambiguous(let name, let matches) {
            throw ambiguous(name, matches, zone)
        } catch {
            return try Failure.wrap { throw error }
        }
    }

    /// Says that no deployment is called so; throw the result.
    static func unknown(_ name: String, locks: [String], in reader: LedgerReader) -> ExitCode {
        let place = locks.isEmpty ? "" : " under \(locks.joined(separator: " or "))"
        return Failure.because(
            "no deployment '\(name)'\(place) in \(reader.path); 'deploystats deployments' lists them"
        )
    }

    /// Says which ones can be meant; throw the result.
    static func ambiguous(
        _ name: String, _ matches: [DeploymentLookup.Match], _ zone: Zone
    ) -> ExitCode {
        let several = Set(matches.map(\.lock)).count > 1
        let list = matches.prefix(20).map { match in
            let time = match.requestedAt.map { zone.text($0) } ?? "-"
            return "#\(match.number.map(String.init) ?? "-") under \(match.lock ?? "-"), \(time), "
                + "\(match.state), \(match.id)"
        }
        let advice = several ? "choose one with --lock PATH or by its id" : "give its whole id"
        return Failure.because(
            "'\(name)' can mean \(matches.count > 20 ? "more than 20" : String(list.count)) "
                + "deployments; \(advice)", further: list)
    }
}
