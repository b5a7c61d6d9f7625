import GitHub
import Ledger

/// Imports runs that somebody else asked GitHub for.
struct RunFile {
    /// What the file is called in messages.
    let name: String
    /// The repository of runs that do not tell their own.
    let repository: Repository?
    let selection: RunSelection
    let reader: RunReader
    let target: ImportTarget

    /// The runs in a file, or in standard input for `-`.
    static func read(_ path: String) throws -> [WorkflowRun] {
        let name = path == "-" ? "standard input" : path
        let bytes = try ImportTarget.read(path)
        do throws(RunList.Problem) {
            return try RunList.read(bytes)
        } catch {
            throw Failure.because(error.words(name))
        }
    }

    /// Imports those that came to be in a window of UTC µs, oldest first.
    func run(_ runs: [WorkflowRun], _ window: ClosedRange<Int64>) throws {
        // One run may be of no branch, as one of a repository that is gone; all of them do not tell.
        if !selection.branches.isEmpty, !runs.isEmpty, runs.allSatisfy({ $0.branch == nil }) {
            throw cannotSelect(runs[0], by: "--branch", missing: "its branch")
        }
        var readings: [ImportedRun] = []
        for run in Self.newest(of: runs) {
            if let created = WorkflowRun.moment(run.createdAt), !window.contains(created) {
                continue
            }
            switch selection.judge(run) {
            case .wanted: break
            case .other(let what):
                target.leftOut[what, default: 0] += 1
                continue
            case .unknown(let option, let missing):
                throw cannotSelect(run, by: option, missing: missing)
            }
            guard let address = address(of: run) else {
                throw Failure.because(
                    "run \(run.id) has no address; name the repository with --repo OWNER/NAME")
            }
            switch reader.read(run, jobs: run.jobs, at: address) {
            case .run(let imported): readings.append(imported)
            case .pending: target.pending += 1
            case .leftOut(let why): target.leftOut[why, default: 0] += 1
            }
        }
        var known = try target.known(among: readings.map(\.identity))
        for run in readings {
            if known.insert(run.identity).inserted {
                try target.add(run)
            } else {
                target.skipKnown()
            }
        }
    }

    private func cannotSelect(
        _ run: WorkflowRun, by option: String, missing: String
    ) -> any Error {
        Failure.because(
            "\(name): run \(run.id) does not tell \(missing), so \(option) cannot be applied; "
                + "leave it out, or use what 'gh api' prints")
    }

    private func address(of run: WorkflowRun) -> RunAddress? {
        if let address = run.address { return address }
        return (run.repository ?? repository).map { RunAddress($0, run: run.id) }
    }

    /// The runs in their order; of one that is told as going on, too, as webhooks do, only its end.
    private static func newest(of runs: [WorkflowRun]) -> [WorkflowRun] {
        func place(_ run: WorkflowRun) -> [Int64] { [run.id, run.attempt] }
        let ended = Set(runs.filter(\.isCompleted).map(place))
        var pending: Set<[Int64]> = []
        return runs.filter { run in
            run.isCompleted
                || !ended.contains(place(run)) && pending.insert(place(run)).inserted
        }
        .sorted { ($0.id, $0.attempt) < ($1.id, $1.attempt) }
    }
}
