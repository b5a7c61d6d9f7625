import FoundationEssentials
import Wording

/// A list of runs as a file holds it.
package enum RunList {
    /// Why it cannot be used.
    package enum Problem: Error, Hashable, Sendable {
        /// It is none.
        case noList
        /// A run in it is wrong: the how manyth, and in what way.
        case flaw(run: Int, words: String)
    }

    /// Reads what `gh run list --json …` prints, one run as `gh run view --json …` does, answers of
    /// the REST API, or payloads of the webhook `workflow_run`: one, several behind each other as
    /// `gh api --paginate` prints them, or a list.
    package static func read(_ bytes: [UInt8]) throws(Problem) -> [WorkflowRun] {
        let documents = documents(bytes[...])
        if documents.isEmpty { throw .noList }
        var runs: [WorkflowRun] = []
        for document in documents {
            runs += try read(Data(document), after: runs.count)
        }
        return runs
    }

    private static func read(_ data: Data, after count: Int) throws(Problem) -> [WorkflowRun] {
        let decoder = JSONDecoder()
        if let run = try? decoder.decode(WorkflowRun.self, from: data) { return [run] }
        let items =
            (try? decoder.decode(Page.self, from: data))?.items
            ?? (try? decoder.decode([Page].self, from: data))?.flatMap(\.items)
            ?? (try? decoder.decode([Item].self, from: data))
            ?? (try? decoder.decode(Payload.self, from: data)).map { [$0.item] }
        guard let items else { throw .noList }
        var runs: [WorkflowRun] = []
        for (index, item) in items.enumerated() {
            switch item.result {
            case .success(let run): runs.append(run)
            case .failure(let error): throw .flaw(run: count + index + 1, words: error.words)
            }
        }
        return runs
    }

    /// The objects and lists that stand behind each other; what is not JSON stays with one of them,
    /// where it is refused.
    private static func documents(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var documents: [ArraySlice<UInt8>] = []
        var start = bytes.startIndex
        var depth = 0
        var isText = false
        var isEscaped = false
        for (index, byte) in zip(bytes.indices, bytes) {
            if isText {
                if byte == UInt8(ascii: "\""), !isEscaped { isText = false }
                isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isText = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 {
                    documents.append(bytes[start...index])
                    start = index + 1
                }
            default: break
            }
        }
        let blanks = " \t\r\n".utf8
        if bytes[start...].contains(where: { !blanks.contains($0) }) {
            documents.append(bytes[start...])
        }
        return documents
    }

    private struct Page: Decodable {
        let items: [Item]

        private enum CodingKeys: String, CodingKey {
            case items = "workflow_runs"
        }
    }

    /// What the webhook `workflow_run` sends.
    private struct Payload: Decodable {
        let item: Item

        fileprivate enum CodingKeys: String, CodingKey {
            case item = "workflow_run"
        }
    }

    /// An object that should be a run, so that one that is wrong can be told from the others.
    private struct Item: Decodable {
        let result: Result<WorkflowRun, DecodingError>

        init(from decoder: any Decoder) throws {
            // Anything but an object is no list of runs at all.
            let members = try decoder.container(keyedBy: Payload.CodingKeys.self)
            if members.contains(.item) {
                self = try members.decode(Item.self, forKey: .item)
                return
            }
            do {
                result = .success(try WorkflowRun(from: decoder))
            } catch let error as DecodingError {
                result = .failure(error)
            }
        }
    }
}

extension RunList.Problem {
    /// What is wrong with a file of that name, and what prints a right one.
    package func words(_ name: String) -> String {
        // Unlike `gh run list`, with every version of gh.
        let command = "'gh api --paginate repos/OWNER/NAME/actions/workflows/FILE/runs'"
        return switch self {
        case .noList:
            "\(name) is not what 'gh run list --json databaseId,status,…' or \(command) prints, and no "
                + "payload of the webhook workflow_run"
        case .flaw(let run, let words):
            "\(name), run \(run) in it: \(words); \(command) prints what is needed"
        }
    }
}
