/// A file, or the crontab of a user, that is looked through.
struct AuditSource: Sendable {
    /// What findings call it.
    let name: String
    let kind: AuditKind
    let text: String

    /// On such a line a person has decided that it is well as it is.
    private static let mark = "check-deploy-lock: ok"

    /// Looks through it.
    func inspect(_ rule: AuditRule) -> AuditRule.Result {
        var result = AuditRule.Result()
        let rows = rows
        func isMarked(_ line: Int) -> Bool {
            rows.indices.contains(line - 1) && rows[line - 1].contains(Self.mark)
        }
        for piece in kind.pieces(of: text) {
            let found = rule.inspect(piece.commands, quotedIsCode: piece.quotedIsCode)
            result.locked += found.locked
            // What is folded into one line has no place for a comment but beside its key.
            if !result.restIsCovered, piece.heading.map(isMarked) != true {
                result.lines += found.lines
            }
            if kind.isOneScript, found.restIsCovered { result.restIsCovered = true }
        }
        result.lines = Set(result.lines).sorted().filter { !isMarked($0) }
        return result
    }

    /// The text of a line, for people.
    func line(_ number: Int) -> String {
        let rows = rows
        guard rows.indices.contains(number - 1) else { return "" }
        return String(
            rows[number - 1].drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace)
                .reversed())
    }

    private var rows: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
}
