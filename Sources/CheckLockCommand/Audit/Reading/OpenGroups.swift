/// Commands that a shell takes for one, such as `{ …; }`, `( … )` and a loop, while they are read.
struct OpenGroups {
    /// The words that end groups, by those that begin them.
    private static let ends = [
        "{": "}", "if": "fi", "case": "esac", "for": "done", "while": "done", "until": "done",
        "select": "done",
    ]
    /// Words that may stand in front of a command that begins or ends a group.
    private static let leading: Set<String> = ["do", "then", "else", "elif", "!", "time"]

    private var open: [(end: String, start: Int)] = []
    /// The place of the first command of the group that has just ended; nil when none has.
    private(set) var closed: Int?

    /// Takes note of a command, which may begin or end a group.
    mutating func note(_ words: [ShellWord], at place: Int) {
        closed = nil
        for word in words {
            if let end = Self.ends[word.text] {
                open(end, at: place)
            } else if !Self.leading.contains(word.text) {
                close(word.text)
                return
            }
        }
    }

    /// Begins a group.
    mutating func open(_ end: String, at place: Int) { open.append((end, place)) }

    /// Ends the innermost group, if it ends like that.
    mutating func close(_ end: String) {
        guard let last = open.last, last.end == end else { return }
        open.removeLast()
        closed = last.start
    }
}
