import DeployLock
import Ledger
import SystemCalls
import Wording

/// How facts about deployments are put into words on the terminal.
enum Words {
    /// `#41 alice for 4m12s (since 2026-11-23T10:31:02Z): docker compose up -d web`.
    static func holder(_ holder: LockHolder) -> String {
        switch holder {
        case .deployment(let info):
            return "held by \(deployment(info))"
        case .runningOrphan(let info, let command):
            let still =
                command.isOfOurNamespace
                ? "still runs" : "may still run: it is in another pid namespace"
            return "held by \(deployment(info)); its wrapper died, its command (pid "
                + "\(command.pid)) \(still)"
        case .unreadable(let ticket, let error):
            return "perhaps held by what #\(ticket.number) left running: its ticket cannot be read "
                + "(\(error)), so that is unknown"
        case .stranger(let pid, let command, let info):
            var text = "held by a process that is not a recorded deployment"
            if let pid { text += ", pid \(pid)" }
            if let command { text += ": \(outside(masked(command)))" }
            if let info, info.pid == pid || pid == nil { text += " (\(deployment(info)))" }
            return text
        }
    }

    /// That a deployment was found dead, for whoever recorded it.
    static func swept(_ found: SweptDeployment) -> String {
        let number = found.number.map { "#\($0)" } ?? found.deployment.description
        return "recorded that \(number) died without a word: \(found.outcome.rawValue)"
    }

    /// A deployment: number, user, since when, command.
    static func deployment(_ info: HolderInfo) -> String {
        var text = info.number.map { "#\($0)" } ?? "pid \(info.pid.map(String.init) ?? "unknown")"
        if let user = info.user { text += " \(outside(user))" }
        // Anybody may have written that, and somebody may have set the clock back.
        if let acquired = info.acquiredAtUs, acquired >= 0 {
            let held = max(0, Clock.wallMicroseconds() - acquired)
            text += " for \(LengthOfTime.text(microseconds: held))"
            text += " (since \(RFC3339.toTheSecond(acquired)))"
        } else if let started = info.started {
            text += " since \(outside(started))"
        }
        if let command = info.command { text += ": \(outside(masked(command)))" }
        return text
    }

    /// Secrets of a command that was not ours to mask when it was started.
    private static func masked(_ command: String) -> String {
        // More than is shown, and no more than is read at once.
        let start = String(decoding: command.utf8.prefix(4096), as: UTF8.self)
        guard let words = ShellText.words(start) else { return Masking.mask(start) }
        return ShellText.quoted(Masking.mask(arguments: words))
    }

    private static func outside(_ text: String) -> String {
        text.escapedForTerminal.shortened(toColumns: 80)
    }
}
