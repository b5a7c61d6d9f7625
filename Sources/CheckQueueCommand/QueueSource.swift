import CommandSupport
import DeployLock
import GitHub
import Glibc
import Ledger
import Processes
import SystemCalls

/// Where pending deployments are counted.
enum QueueSource: Sendable {
    /// The runs of a workflow, as GitHub tells.
    case github(Repository, workflow: String)
    /// Runs in a file, or in standard input for `-`, as gh prints them.
    case file(String, Repository?)
    /// The queue of a lock on this machine.
    case local(LockPaths)

    /// Why nothing could be counted.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// Counts what is pending.
    ///
    /// - Parameters:
    ///   - ownRun: the run that asks and is not in its own way.
    ///   - rule: which of the others count.
    func queue(
        _ client: GitHubClient, without ownRun: Int64?, _ rule: CountRule
    ) throws(Problem) -> DeployQueue {
        let queue = try all(client, without: ownRun)
        return rule.counted(queue, now: queue.countedAtUs)
    }

    private func all(_ client: GitHubClient, without ownRun: Int64?) throws(Problem) -> DeployQueue
    {
        switch self {
        case .github(let repository, let workflow):
            do throws(GitHubError) {
                return try client.queue(of: repository, workflow: workflow, without: ownRun)
            } catch {
                throw Problem(description: error.description)
            }
        case .file(let path, let repository):
            let name = path == "-" ? "standard input" : path
            let runs: [WorkflowRun]
            let bytes = try Self.read(path, name)
            do throws(RunList.Problem) {
                runs = try RunList.read(bytes)
            } catch {
                throw Problem(description: error.words(name))
            }
            var latest: [Int64: WorkflowRun] = [:]
            for run in runs { latest[run.id] = run }
            let pending = latest.values.filter(\.isPending).sorted { $0.id < $1.id }
            return DeployQueue(
                place: name, countedAtUs: Clock.wallMicroseconds(),
                entries: Self.entries(pending, repository, ownRun), isCut: false)
        case .local(let paths): return try Self.local(paths)
        }
    }

    private static func entries(
        _ runs: [WorkflowRun], _ repository: Repository?, _ ownRun: Int64?
    ) -> [QueueEntry] {
        runs.filter { $0.id != ownRun }.map { QueueEntry($0, in: repository) }
    }

    private static func read(_ path: String, _ name: String) throws(Problem) -> [UInt8] {
        do throws(SystemError) {
            let path = path == "-" ? "/dev/stdin" : path
            return try FileDescriptor.open(path, O_RDONLY | O_NOCTTY).readToEnd(limit: 64 << 20)
        } catch {
            throw Problem(description: "cannot read \(name): \(error.reason)")
        }
    }

    /// Who has the lock, then those who wait; looking disturbs nobody.
    private static func local(_ paths: LockPaths) throws(Problem) -> DeployQueue {
        let state: LockState
        do {
            state = try LockState(of: paths) { entries in
                entries.contains { EventEnvelope(text: $0)?.kind.endsDeployment == true }
            }
        } catch {
            throw Problem(description: error.description)
        }
        var entries: [QueueEntry] = []
        switch state.owner.condition {
        case .free, .deadOrphan, nil: break
        case .held, .runningOrphan:
            let facts = state.owner.facts
            entries.append(
                QueueEntry(
                    status: "running", number: nil, facts: facts, sinceUs: facts?.heldSinceUs))
        case .stranger:
            entries.append(
                QueueEntry(
                    status: "running", number: nil, facts: nil,
                    sinceUs: state.processes.map(\.startedAtUs).min()))
        }
        entries += state.waiting.map {
            QueueEntry(
                status: "waiting", number: $0.number, facts: $0.facts,
                sinceUs: $0.facts?.waitingSinceUs)
        }
        return DeployQueue(
            place: paths.lockFile, countedAtUs: state.lookedAtUs, entries: entries, isCut: false)
    }
}

extension QueueEntry {
    fileprivate init(
        status: String, number: Int64?, facts: DeploymentFacts?, sinceUs: Int64?
    ) {
        self.init(
            id: number ?? facts?.number, status: status, sha: facts?.sha, branch: facts?.ref,
            actor: facts?.person, title: facts?.maskedCommand, sinceUs: sinceUs)
    }
}
