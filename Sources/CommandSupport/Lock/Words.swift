package import DeployLock
package import Ledger
package import Processes
import Secrets
import SystemCalls
import Wording

/// How facts about deployments are put into words on the terminal.
package enum Words {
    /// `#41 alice for 4m12s (since 2026-11-23T10:31:02Z): docker compose up -d web`.
    ///
    /// - Parameter isShort: leaves out what can be looked up.
    package static func holder(_ owner: LockOwner, isShort: Bool = false) -> String {
        switch owner {
        case .nobody, .deadOrphan: return "held until just now"
        case .deployment(let claim):
            return "held by \(deployment(claim, isShort))"
        case .runningOrphan(let claim):
            let text = "held by \(deployment(claim, isShort)); its wrapper died"
            guard let command = claim.facts?.commandProcess else { return text }
            let still =
                command.isOfOurNamespace
                ? "still runs" : "may still run: it is in another pid namespace"
            return "\(text), its command (pid \(command.pid)) \(still)"
        case .leftBehind(let claim):
            return "held by a process left behind by \(deployment(claim, isShort))"
        case .unreadable(let ticket, let error):
            return "perhaps held by what #\(ticket.number) left running: its ticket cannot be read "
                + "(\(error)), so that is unknown"
        case .unrecorded(let pid, let info):
            var text = "held by a process that is not a recorded deployment"
            if let pid { text += ", pid \(pid)" }
            if let process = pid.flatMap({ RunningProcess($0) }) {
                text += ": \(outside(masked(ShellText.quoted(process.arguments))))"
            }
            if let info, info.pid == pid || pid == nil {
                text += " (\(deployment(info, isShort: isShort)))"
            }
            return text
        }
    }

    private static func deployment(_ claim: LockClaim, _ isShort: Bool) -> String {
        deployment(claim.facts ?? DeploymentFacts(), isShort: isShort)
    }

    /// That a deployment was found dead, for whoever recorded it.
    package static func swept(_ found: SweptDeployment) -> String {
        let number = found.number.map { "#\($0)" } ?? found.deployment.description
        return
            "recorded that \(number) died without recording an outcome: \(found.outcome.rawValue)"
    }

    /// A deployment: number, user, for how long, where it comes from, command.
    package static func deployment(_ info: DeploymentFacts, isShort: Bool = false) -> String {
        var text = info.number.map { "#\($0)" } ?? "pid \(info.pid.map(String.init) ?? "unknown")"
        if let person = info.person { text += " \(outside(person))" }
        var more: [String] = []
        switch info.step {
        case FailedStep.health.rawValue: more.append("checking its health")
        case "rollback": more.append("rolling back")
        default: break
        }
        // Anybody may have written that, and somebody may have set the clock back.
        if let acquired = info.acquiredAtUs, acquired >= 0 {
            let held = max(0, Clock.wallMicroseconds() - acquired)
            text += " for \(DurationText.text(microseconds: held))"
            if !isShort { more.append("since \(RFC3339.toTheSecond(acquired))") }
        } else if let started = info.started {
            text += " since \(outside(started))"
        }
        if let source = info.source, source != "manual" { more.append("from \(outside(source))") }
        if let sha = info.sha { more.append("commit \(outside(String(sha.prefix(8))))") }
        if let url = info.runURL { more.append(url.escapedForTerminal.shortened(toColumns: 120)) }
        if !more.isEmpty { text += " (\(more.joined(separator: ", ")))" }
        if let command = info.maskedCommand { text += ": \(outside(command))" }
        return text
    }

    /// `pid 4711 (deploy) docker compose up`; not yet escaped.
    package static func process(_ process: RunningProcess) -> String {
        let user = process.uid.map { " (\(User.name(of: $0)))" } ?? ""
        let command = ShellText.quoted(Masking.mask(arguments: process.arguments))
        return "pid \(process.identity.pid)\(user) \(command)"
    }

    /// The ledger's head: whole where it is kept, as in the log of a CI run, short on a terminal.
    package static func head(_ head: Head) -> String {
        let text = head.description
        let end = text.firstIndex(of: ":").map { text.index($0, offsetBy: 9) }
        guard Terminal.isTerminal, let end, end < text.endIndex else { return text }
        return text[..<end] + "…"
    }

    /// A command line without its secrets.
    fileprivate static func masked(_ command: String) -> String {
        // More than is shown, and no more than is read at once.
        let start = String(decoding: command.utf8.prefix(4096), as: UTF8.self)
        guard let words = ShellText.words(start) else { return Masking.mask(start) }
        return ShellText.quoted(Masking.mask(arguments: words))
    }

    private static func outside(_ text: String) -> String {
        text.escapedForTerminal.shortened(toColumns: 80)
    }
}

extension DeploymentFacts {
    /// The command line without its secrets: it may not have been ours to mask when it was started.
    package var maskedCommand: String? { command.map(Words.masked) }
}
