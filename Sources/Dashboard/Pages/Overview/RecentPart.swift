import Ledger
import Queries
import Reporting
import Wording

/// Which deployments are listed: the filters of an address, named as on the command line.
struct RecentChoice: Sendable {
    let filter: ReportFilter
    let window: PartialWindow
    /// Where the list goes on; nil for the newest.
    let before: DeploymentCursor?
    /// How many there are on a page.
    static let limit: Int64 = 20

    /// - Throws: `Problem`, for what cannot be meant.
    init(_ request: PageRequest) throws(Problem) {
        let selection = try Selection(AddressQuery(request.query), zone: request.zone)
        filter = selection.filter
        window = try selection.windowIfGiven(now: request.now)
        before = try DeploymentCursor(request["before"])
    }

    /// The command that lists the same.
    static func command(_ words: [String], _ request: PageRequest) -> String {
        let options = (Selection.filters + ["since", "until"]).flatMap { name in
            request.all(name).flatMap { ["--\(name)", $0] }
        }
        return ShellText.quoted(["deploystats"] + words + options)
    }
}

/// The newest deployments, or older ones.
struct RecentPart: Sendable {
    let list: DeploymentList
    let choice: RecentChoice
    let request: PageRequest

    var values: [String: TemplateValue] {
        let rows = zip(list.summary.rows, list.table.rows).map(row)
        let filter = choice.filter
        var values: [String: TemplateValue] = [
            "rows": .list(rows), "has_rows": .flag(!rows.isEmpty),
            "about": .text(
                (choice.window.text + (filter.isEmpty ? "" : "; only \(filter.text)"))
                    .escapedForTerminal),
            "is_filtered": .flag(isFiltered), "action": .text(request.links.home()),
            "all": .text(request.links.home() + "#recent"),
            "outcomes": .list(ReportFilter.states.map(option)),
            "fields": .list(fields),
            "tz_fields": .list(
                request.links.zone.map { [["name": "tz", "value": .text($0)]] } ?? []),
            "older": false, "newest": false,
        ]
        if let last = list.last {
            values["older"] = .text(request.address(with: "before", last) + "#recent")
        }
        if choice.before != nil {
            values["newest"] = .text(request.address(with: "before", nil) + "#recent")
        }
        return values
    }

    private var isFiltered: Bool {
        !choice.filter.isEmpty || choice.window.since != nil || choice.window.until != nil
    }

    private func option(_ word: String) -> TemplateValue {
        [
            "word": .text(word), "text": .text(word.split(separator: "_").joined(separator: " ")),
            "is_chosen": .flag(choice.filter.outcomes.contains(word)),
        ]
    }

    private var fields: [TemplateValue] {
        [
            ("actor", "By"), ("tier", "Tier"), ("source", "From"), ("sha", "Commit"),
            ("branch", "Ref"),
        ]
        .map { name, label in
            [
                "name": .text(name), "label": .text(label),
                "value": .text((request[name] ?? "").escapedForTerminal),
            ]
        }
    }

    private func row(_ shown: [Cell], _ whole: [Cell]) -> TemplateValue {
        func text(_ key: String) -> String? {
            guard let place = list.table.columns.firstIndex(where: { $0.key == key }),
                case .text(let text) = whole[place]
            else { return nil }
            return text
        }
        func summary(_ key: String) -> Cell {
            list.summary.columns.firstIndex { $0.key == key }.map { shown[$0] } ?? .none
        }
        func words(_ key: String) -> String? {
            let cell = summary(key)
            return cell == .none ? nil : cell.text(in: request.zone)
        }
        let links = request.links
        let id = text("id") ?? ""
        let actor = text("actor") ?? text("user")
        var asked: Instant?
        if case .time(let instant) = summary("requested_at") { asked = instant }
        return [
            "name": .text(words("number").map { "#\($0)" } ?? String(id.prefix(8))),
            "href": .text(links.deployment(id)), "id": .text(id),
            "asked": TimeModel(zone: request.zone).moment(asked),
            "outcome": .outside(words("outcome").map(OutcomeKind.words)),
            "kind": .text(OutcomeKind(text("outcome")).rawValue),
            "waited": .optional(words("wait")), "ran": .optional(words("held")),
            "tier": .outside(text("tier")), "source": .outside(text("source")),
            "person": .link(actor, to: actor.map(links.person)),
            "commit": .link(
                text("sha").map { String($0.prefix(10)) }, to: text("sha").map(links.commit)),
            "ref": .outside(text("ref")),
            "command": .outside(words("command")?.shortened(toColumns: 200)),
            "lock": request.severalLocks ? .outside(text("lock")) : false,
        ]
    }
}

/// How an outcome is shown; its word always stands beside.
enum OutcomeKind: String {
    case good, bad, live, faint

    init(_ outcome: String?) {
        switch outcome {
        case "succeeded": self = .good
        case "failed", "force_unlocked", "orphaned", "timed_out": self = .bad
        case "running", "waiting": self = .live
        default: self = .faint
        }
    }
}

extension OutcomeKind {
    /// An outcome for people.
    static func words(_ outcome: String) -> String {
        outcome.split(separator: "_").joined(separator: " ")
    }
}
