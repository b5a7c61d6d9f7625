import GitHub

/// Which of the runs that GitHub told of are wanted.
struct RunSelection {
    /// Only of this repository; nil for any.
    var repository: Repository?
    /// Only of this workflow, by its file, name or id; nil for any.
    var workflow: String?
    /// Only set off by one of these; empty for all.
    var events: [String] = []
    /// Only of one of these branches or tags; empty for all.
    var branches: [String] = []

    /// What a run is, seen so.
    enum Judgement: Equatable {
        case wanted
        /// Something else, in a word or two.
        case other(String)
        /// It does not tell what this option asks about.
        case unknown(option: String, missing: String)
    }

    func judge(_ run: WorkflowRun) -> Judgement {
        if let repository, let own = run.repository, !own.isSame(as: repository) {
            return .other("other repository")
        }
        if let workflow {
            switch isOf(workflow, run) {
            case true?: break
            case false?: return .other("other workflow")
            case nil:
                return .unknown(
                    option: "--workflow \(workflow)",
                    missing: "the \(Self.kind(of: workflow)) of its workflow")
            }
        }
        if !events.isEmpty {
            guard let event = run.event else {
                return .unknown(option: "--event", missing: "what set it off")
            }
            if !events.contains(event) { return .other("other event") }
        }
        if !branches.isEmpty, !branches.contains(run.branch ?? "") {
            return .other("other branch")
        }
        return .wanted
    }

    /// Nil when it cannot be judged.
    private func isOf(_ workflow: String, _ run: WorkflowRun) -> Bool? {
        let file = run.workflowPath?.split(separator: "/").last.map(String.init)
        if [run.workflow, run.workflowPath, file].contains(workflow) { return true }
        return switch Self.kind(of: workflow) {
        case "id": run.workflowID.map { $0 == Int64(workflow) }
        case "file": file.map { _ in false }
        default: run.workflow.map { _ in false }
        }
    }

    /// What of a workflow somebody named.
    private static func kind(of workflow: String) -> String {
        if Int64(workflow) != nil { return "id" }
        return workflow.hasSuffix(".yml") || workflow.hasSuffix(".yaml") ? "file" : "name"
    }
}
