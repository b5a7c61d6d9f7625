import Ledger
import Queries
import SystemCalls
import Wording

/// One event in words.
struct EventSentence {
    let event: RecordedEvent
    let detail: EventDetail?
    let zone: Zone

    /// One sentence; texts from outside are escaped.
    var text: String {
        switch event.kind {
        case "requested": requested
        case "acquired":
            "Got the lock after waiting \(waited); the command started\(steps.override)."
        case "released": released
        case "timed_out": "Gave up after waiting \(waited)\(because); nothing was run."
        case "refused":
            "Refused to wait for the lock\(steps.frozenTime)\(because); nothing was run."
        case "cancelled": cancelled
        case "skipped": skipped
        case "superseded":
            "Stepped aside for \(coveringDeployment) after waiting \(waited)\(because); nothing was "
                + "run."
        case "orphaned": orphaned
        case "wrapper_lost":
            "The wrapper was lost (killed); its keeper, pid "
                + "\(record.pid.map(String.init) ?? "unknown"), continues."
        case "nested": nested
        case "forced_unlock": forcedUnlock
        case "imported": imported
        case "overran": steps.overran ?? "The command ran longer than it was allowed to\(because)."
        case "health_checked": steps.healthChecked
        case "rolled_back": steps.rolledBack
        case "frozen": "\(person) \(steps.frozen(in: zone))\(because)."
        case "unfrozen": "\(person) ended the freeze\(because)."
        default: "\(outside(event.kind ?? "An event without a kind"))\(because)."
        }
    }

    private var record: Event { event.facts }
    private var steps: StepSentence { StepSentence(record: record) }

    private var requested: String {
        let count = record.ahead ?? 0
        let ahead = PluralText.text(count, "deployment was", "deployments were")
        return "\(person) asked for the lock; \(count == 0 ? "nobody was" : ahead) ahead."
    }

    private var skipped: String {
        var seen = ""
        if let ahead = record.ahead {
            let numbers = (record.queue ?? []).map { "#\($0)" }.joined(separator: ", ")
            seen =
                ": \(PluralText.text(ahead, "deployment was", "deployments were")) running or waiting"
            if !numbers.isEmpty { seen += " (\(numbers))" }
        }
        return "Was skipped\(because)\(seen); nothing was run."
    }

    private var coveringDeployment: String {
        record.coveredByNumber.map { "#\($0), which covers it," } ?? record.coveredBy.map {
            "deployment \($0), which covers it,"
        } ?? "a newer deployment"
    }

    private var released: String {
        let ran = DurationText.text(microseconds: record.commandUs ?? record.heldUs ?? 0)
        let rest = "\(because)\(steps.aftermath); the lock was released."
        if let signal = record.signal {
            let name = SignalName.of(CInt(clamping: signal))
            return "The command was ended by signal \(name) after \(ran)\(rest)"
        }
        switch record.exitCode {
        case 0: return "The command succeeded after \(ran)\(rest)"
        case let code?: return "The command failed with exit code \(code) after \(ran)\(rest)"
        case nil: return "The lock was released after \(ran)\(because)\(steps.aftermath)."
        }
    }

    /// Two events: the second one tells how it ended.
    private var nested: String {
        guard let held = record.heldUs else {
            return "A command started inside, under the same lock: \(command)."
        }
        let ran = DurationText.text(microseconds: held)
        let end =
            record.signal.map { "was ended by signal \(SignalName.of(CInt(clamping: $0)))" }
            ?? "ended with exit code \(record.exitCode.map(String.init) ?? "unknown")"
        return "The command inside (pid \(record.pid.map(String.init) ?? "unknown")) \(end) after "
            + "\(ran)\(because)."
    }

    /// What was made elsewhere, all of it in one event.
    private var imported: String {
        let ran = record.heldUs.map { " after " + DurationText.text(microseconds: $0) } ?? ""
        let attempt = record.runAttempt.map { ", attempt \($0)" } ?? ""
        let isRun = record.runAttempt != nil || record.runURL != nil
        return
            "The \(isRun ? "CI run" : "deployment")\(attempt) of \(person) ended\(ran)\(because); "
            + "imported."
    }

    private var forcedUnlock: String {
        let from = [record.source, record.client].compactMap(\.self).map(outside)
        let place = from.isEmpty ? "" : " from \(from.joined(separator: " "))"
        let next = record.nextNumber.map { "; #\($0) got the lock next" } ?? ""
        switch record.result {
        case nil: return "\(person)\(place) began a forced unlock\(because)."
        case "gone" where record.victim == "dead_orphan":
            return "\(person)\(place) cleared its leftovers\(because)."
        case "gone": return "No process held the lock any more\(next)."
        case "terminated": return "The processes holding the lock ended on TERM\(next)."
        case "killed": return "The processes holding the lock were killed\(next)."
        case "failed": return "The lock could not be freed."
        case "abandoned":
            return "It lost the lock and was left running\(next)."
        case "ended": return "The command that was left running has ended."
        case "not_permitted":
            return "\(person)\(place) tried a forced unlock and was not permitted to"
                + "\(because)."
        case let result?: return "The lock was freed by force: \(outside(result))\(because)."
        }
    }

    private var cancelled: String {
        guard record.lastAliveUs != nil else {
            return "Was cancelled after waiting \(waited)\(because); nothing was run."
        }
        return "Was found dead while waiting\(found); nothing was run."
    }

    private var orphaned: String {
        let held = record.heldUs.map { DurationText.text(microseconds: $0) }
            .map { ", after holding the lock for \($0)" }
        return "Died without releasing the lock\(held ?? "")\(because)\(found)."
    }

    private var found: String {
        var text = ""
        if let alive = record.lastAliveUs {
            text += "; last known alive at \(zone.text(Instant(microseconds: alive)))"
        }
        if let finder = record.recordedBy { text += "; recorded by deployment \(finder)" }
        return text
    }

    /// Who acts, and as whom.
    private var person: String {
        guard let actor = record.actor ?? record.user else { return "Somebody" }
        let shown = outside(Actor.text(actor, claimed: record.claimedActor))
        guard let user = record.user, user != actor else { return shown }
        return "\(shown) (as \(outside(user)))"
    }

    private var command: String {
        guard let command = detail?.command, !command.isEmpty else { return "not recorded" }
        return outside(ShellText.quoted(command))
    }

    private var waited: String {
        DurationText.text(microseconds: record.waitUs ?? 0) + steps.frozenTime
    }
    private var because: String { record.reason.map { " (\(outside($0)))" } ?? "" }

    private func outside(_ text: String) -> String { text.escapedForTerminal }
}
