import FoundationEssentials
import Wording

/// A list of runs as a file holds it.
public enum RunList {
    /// Why it cannot be used.
    public enum Problem: Error, Hashable, Sendable {
        /// It is none.
        case noList
        /// A run in it is wrong: the how manyth, and in what way.
        case flaw(run: Int, words: String)
    }

    /// Reads what `gh run list --json …` prints, one run as `gh run view --json …` does, or the
    /// answer of the REST API.
    public static func read(_ bytes: [UInt8]) throws(Problem) -> [WorkflowRun] {
        let (decoder, data) = (JSONDecoder(), Data(bytes))
        if let run = try? decoder.decode(WorkflowRun.self, from: data) { return [run] }
        let items =
            (try? decoder.decode([Item].self, from: data))
            ?? (try? decoder.decode(Page.self, from: data))?.items
        guard let items else { throw .noList }
        var runs: [WorkflowRun] = []
        for (index, item) in items.enumerated() {
            switch item.result {
            case .success(let run): runs.append(run)
            case .failure(let error): throw .flaw(run: index + 1, words: error.words)
            }
        }
        return runs
    }

    private struct Page: Decodable {
        let items: [Item]

        private enum CodingKeys: String, CodingKey {
            case items = "workflow_runs"
        }
    }

    /// An object that should be a run, so that one that is wrong can be told from the others.
    private struct Item: Decodable {
        let result: Result<WorkflowRun, DecodingError>

        private enum NoKey: CodingKey {}

        init(from decoder: any Decoder) throws {
            // Anything but an object is no list of runs at all.
            _ = try decoder.container(keyedBy: NoKey.self)
            do {
                result = .success(try WorkflowRun(from: decoder))
            } catch let error as DecodingError {
                result = .failure(error)
            }
        }
    }
}

extension RunList.Problem {
    /// What is wrong.
    ///
    /// - Parameters:
    ///   - name: the file.
    ///   - fields: what `gh run list --json` is asked for here.
    public func words(_ name: String, fields: String) -> String {
        switch self {
        case .noList: "\(name) is not what 'gh run list --json \(fields)' prints"
        case .flaw(let run, let words):
            "\(name), run \(run) in it: \(words); 'gh run list --json \(fields)' prints what is needed"
        }
    }
}
