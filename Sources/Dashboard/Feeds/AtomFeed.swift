import Queries
import Reporting
import Wording

/// Deployments that ended, newest first, for readers of feeds.
///
/// Source: RFC 4287.
struct AtomFeed: Sendable {
    /// What the feed is called.
    let title: String
    /// Names the feed for ever, wherever it is read from.
    let id: String
    /// What the addresses of pages begin with.
    let origin: String
    /// The deployments, as they are listed.
    let table: Table

    /// The document.
    var text: String {
        let entries = table.rows.map { Entry(table.columns, $0) }
        let updated = entries.compactMap(\.ended).max()?.rfc3339 ?? Self.never
        return """
            <?xml version="1.0" encoding="utf-8"?>
            <feed xmlns="http://www.w3.org/2005/Atom">
            <title>\(Self.escaped(title))</title>
            <id>\(Self.escaped(id))</id>
            <updated>\(updated)</updated>
            <author><name>deploy-dashboard</name></author>
            <link rel="self" href="\(Self.escaped(origin))/feed.atom"/>
            <link href="\(Self.escaped(origin))/super-admin/deployments"/>
            \(entries.map(text).joined())</feed>

            """
    }

    private static let never = "1970-01-01T00:00:00Z"

    private func text(_ entry: Entry) -> String {
        let address = "\(origin)/super-admin/deployments/\(entry.text("id"))"
        return """
            <entry>
            <title>\(Self.escaped(entry.title))</title>
            <id>urn:uuid:\(Self.escaped(entry.text("id")))</id>
            <updated>\(entry.ended?.rfc3339 ?? Self.never)</updated>
            <link href="\(Self.escaped(address))"/>
            <summary>\(Self.escaped(entry.summary))</summary>
            </entry>

            """
    }

    /// Text between tags or in an attribute; what XML has no characters for is shown.
    private static func escaped(_ text: String) -> String {
        let text = text.escapedForTerminal
        let possible = text.unicodeScalars.map { $0.value & 0xFFFE == 0xFFFE ? "\u{FFFD}" : $0 }
        return String(String.UnicodeScalarView(possible)).escapedForHTML
    }

    /// One deployment.
    private struct Entry {
        private let cells: [String: Cell]

        init(_ columns: [Table.Column], _ row: [Cell]) {
            cells = Dictionary(zip(columns.map(\.key), row)) { $1 }
        }

        /// A value in words; empty for none.
        func text(_ key: String) -> String {
            guard let cell = cells[key], cell != .none else { return "" }
            return cell.text(in: .utc)
        }

        var ended: Instant? {
            if case .time(let instant)? = cells["ended_at"] { instant } else { nil }
        }

        var title: String {
            let number = text("number").isEmpty ? "Deployment" : "#\(text("number"))"
            let outcome = text("outcome").replacing("_", with: " ")
            let rest = [String(text("sha").prefix(10)), text("tier")].filter { !$0.isEmpty }
            return ([number, outcome] + rest).joined(separator: " ")
        }

        var summary: String {
            let facts = [
                ("by", text("actor").isEmpty ? text("user") : text("actor")),
                ("from", text("source")), ("under", text("lock")),
                ("waited", text("wait_seconds")), ("ran", text("held_seconds")),
                ("because", text("reason")), ("command", text("command")),
            ]
            return facts.filter { !$0.1.isEmpty }.map { "\($0.0) \($0.1)" }
                .joined(separator: ", ")
        }
    }
}
