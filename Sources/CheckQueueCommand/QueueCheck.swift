import CommandSupport
import DeployLock
import GitHub
import Glibc
import JSON
import SystemCalls
import Wording

/// Counts, decides, tells: one run of the tool.
struct QueueCheck: Sendable {
    private let plan: QueuePlan

    init(_ plan: QueuePlan) { self.plan = plan }

    /// Returns the exit code.
    func run() throws -> CInt {
        var freezeProblem: String?
        let report = report(&freezeProblem)
        try StandardOutput.print(
            plan.printsJSON
                ? QueueJSON.document(report).document : QueueText.render(report))
        if let freezeProblem {
            plan.announcer.warn("cannot determine whether deployments are frozen: \(freezeProblem)")
        }
        if report.skips {
            plan.announcer.note(report.notice)
        } else if let problem = report.problem {
            plan.announcer.warn("cannot count the queue, so the run is not skipped: \(problem)")
        }
        let isWritten = writeFiles(report)
        if report.skips { record(report) }
        let isUnknown = freezeProblem != nil || report.problem != nil && !report.skips
        if plan.isStrict, isUnknown || !isWritten {
            return ExitCodes.QueueCheck.unknown
        }
        return report.skips ? plan.skipExitCode : 0
    }

    private func report(_ freezeProblem: inout String?) -> QueueReport {
        var freeze: QueueFreeze?
        do throws(FreezeSource.Problem) {
            freeze = try plan.freezes.read()
        } catch {
            freezeProblem = error.words
        }
        let isFrozen = freeze?.outlasts(plan.timeout) ?? false
        do throws(QueueSource.Problem) {
            let queue = try plan.source.queue(
                plan.client, without: plan.rule.runID, plan.counting)
            let (judged, last) = plan.rule.decide(queue)
            let decision = isFrozen ? .frozen : judged
            return QueueReport(
                rule: plan.rule, queue: queue, problem: nil, freeze: freeze, decision: decision,
                last: isFrozen ? nil : last,
                containment: decision.skips && !isFrozen ? containment(last) : nil,
                commands: decision.skips ? commands(isFrozen) : [], sha: plan.sha)
        } catch {
            return QueueReport(
                rule: plan.rule, queue: nil, problem: error.description, freeze: freeze,
                decision: isFrozen ? .frozen : .unknown, last: nil, containment: nil,
                commands: isFrozen ? commands(true) : [], sha: plan.sha)
        }
    }

    private func containment(_ last: QueueEntry?) -> Containment? {
        guard let last else { return nil }
        guard let sha = plan.sha else { return .unknown("the commit of this run is unknown") }
        guard let other = last.sha else {
            return .unknown("the commit of \(last.label) is unknown")
        }
        if sha == other { return .contains }
        guard let repository = plan.repository else {
            return .unknown("the repository is unknown")
        }
        do throws(GitHubError) {
            let comparison = try plan.client.comparison(in: repository, of: sha, with: other)
            return comparison.contains ? .contains : .lacks(comparison)
        } catch {
            return .unknown(error.description)
        }
    }

    /// What deploys this commit in spite of the queue.
    private func commands(_ isFrozen: Bool) -> [(command: [String], about: String)] {
        if case .local(let paths) = plan.source, isFrozen {
            return [
                (
                    [
                        "deploy-with-lock", "--lock-file", paths.lockFile, "--override-freeze",
                        "REASON", "--", "COMMAND",
                    ],
                    "REASON is recorded; COMMAND is what deploys"
                )
            ]
        }
        if case .local(let paths) = plan.source {
            return [
                (
                    ["deploy-with-lock", "--lock-file", paths.lockFile, "--", "COMMAND"],
                    "waits for its turn; COMMAND is what deploys"
                )
            ]
        }
        guard let repository = plan.repository?.description else { return [] }
        var commands: [(command: [String], about: String)] = []
        if let workflow = plan.workflow {
            let branch = plan.rule.branch.map { ["--ref", $0] } ?? []
            commands.append(
                (
                    ["gh", "workflow", "run", workflow, "--repo", repository] + branch,
                    "the newest commit of the branch; the workflow must have workflow_dispatch"
                ))
        }
        if let id = plan.rule.runID {
            commands.append(
                (
                    ["gh", "run", "rerun", String(id), "--repo", repository],
                    "exactly this commit, even if a newer one has been deployed by then"
                ))
        }
        return commands
    }

    /// A step that cannot hand on its outputs does not skip, which is the safe side.
    private func writeFiles(_ report: QueueReport) -> Bool {
        var outputs = [
            ("should_skip", report.skips ? "true" : "false"),
            ("queue_length", report.queue.map { String($0.length) } ?? ""),
            ("reason", report.decision.rawValue),
            ("notice", report.notice),
        ]
        if plan.freezes.isAsked {
            outputs.append(
                ("frozen_until", report.freeze?.untilUs.map(RFC3339.toTheSecond) ?? ""))
        }
        do throws(SystemError) {
            try plan.files.write(outputs: outputs, summary: QueueMarkdown.render(report))
            return true
        } catch {
            plan.announcer.warn("cannot write the outputs: \(error)")
            return false
        }
    }

    /// Whatever happens here, the job goes on.
    private func record(_ report: QueueReport) {
        let outcome: SkipRecorder.Outcome
        switch plan.record {
        case .nowhere: return
        case .here(let settings): outcome = SkipRecorder.record(plan.skip(report), in: settings)
        case .via(let command, let timeout):
            outcome = SkipRecorder.record(
                plan.skip(report), lock: plan.lock.option, via: command, timeout: timeout)
        }
        if !outcome.isDurable {
            plan.announcer.warn(
                "the skip is not recorded: \(outcome.words.joined(separator: "; "))")
        } else {
            for line in outcome.words {
                // Such as that a new ledger begins.
                outcome.isWritten ? plan.announcer.tell(line) : plan.announcer.warn(line)
            }
        }
    }
}
