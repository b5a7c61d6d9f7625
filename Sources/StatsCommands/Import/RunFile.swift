import GitHub
import Glibc
import Ledger
import SystemCalls

/// Imports runs that somebody else asked GitHub for.
struct RunFile {
    /// The repository; nil when the runs' addresses tell.
    let repository: Repository?
    let reader: RunReader
    let target: ImportTarget

    /// The runs in a file, or in standard input for `-`.
    static func read(_ path: String) throws -> [WorkflowRun] {
        let name = path == "-" ? "standard input" : path
        let bytes: [UInt8]
        do {
            bytes = try FileDescriptor.open(path == "-" ? "/dev/stdin" : path, O_RDONLY | O_NOCTTY)
                .readToEnd(limit: 1 << 30)
        } catch {
            throw Failure.because("\(name) cannot be read: \(error)")
        }
        do throws(RunList.Problem) {
            return try RunList.read(bytes)
        } catch {
            throw Failure.because(error.words(name))
        }
    }

    /// Imports those that came to be in a window of UTC µs, oldest first.
    func run(_ runs: [WorkflowRun], _ window: ClosedRange<Int64>) throws {
        var readings: [(id: EventID, run: ImportedRun)] = []
        for run in runs.sorted(by: { ($0.id, $0.attempt) < ($1.id, $1.attempt) }) {
            if let created = WorkflowRun.moment(run.createdAt), !window.contains(created) {
                continue
            }
            guard let repository = repository ?? run.url.flatMap(Self.repository(ofURL:)) else {
                throw Failure.because(
                    "run \(run.id) has no address; name the repository with --repo OWNER/NAME")
            }
            switch reader.read(run, jobs: run.jobs, in: repository) {
            case .run(let imported):
                let id = ImportedRun.deployment(
                    runURL: imported.runURL, attempt: imported.attempt,
                    createdAtUs: imported.createdAtUs)
                readings.append((id, imported))
            case .pending: target.pending += 1
            case .leftOut(let why): target.leftOut[why, default: 0] += 1
            }
        }
        var known = try target.known(among: readings.map(\.id))
        for (id, run) in readings {
            if known.insert(id).inserted { try target.add(run) } else { target.skipKnown() }
        }
    }

    /// `https://HOST/OWNER/NAME/actions/runs/5` → the repository.
    static func repository(ofURL url: String) -> Repository? {
        let parts = url.split(separator: "/").map(String.init)
        guard parts.count >= 6, parts[0] == "https:", parts[4] == "actions" else { return nil }
        let path = "\(parts[2])/\(parts[3])"
        return Repository(parts[1] == "github.com" ? path : "\(parts[1])/\(path)")
    }
}
