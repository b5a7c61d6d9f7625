import SystemCalls
import TestSupport

/// A command on a page, behind `$ ` in a block of `console` or, where readers need not see it, in a
/// comment; with what the page shows that it prints.
struct PageCommand {
    let text: String
    /// Whether it is root's, which the page says with `sudo`.
    let isRoots: Bool
    /// Nil where the page does not show the command itself.
    var output: String?

    private init(_ line: Substring, output: String?) {
        isRoots = line.contains("sudo ")
        text = String(line).replacing("sudo ", with: "")
        self.output = output
    }

    /// All commands of a page, such as `docs/server.md`, in order.
    static func all(in page: String) throws -> [PageCommand] {
        let text = String(decoding: try FileSystem.read(Repository.path(page)), as: UTF8.self)
        var commands: [PageCommand] = []
        var isInside = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("<!-- $ "), line.hasSuffix(" -->") {
                commands.append(PageCommand(line.dropFirst(7).dropLast(4), output: nil))
            } else if line.hasPrefix("```") {
                isInside = line == "```console"
            } else if isInside, line.hasPrefix("$ ") {
                commands.append(PageCommand(line.dropFirst(2), output: ""))
            } else if isInside, !commands.isEmpty {
                commands[commands.count - 1].output? += line + "\n"
            }
        }
        return commands
    }

    /// Whether it printed what the page shows, apart from what differs from run to run.
    func shows(_ printed: String) -> Bool {
        output.map { Self.masked(printed) == Self.masked($0) } ?? true
    }

    private static func masked(_ text: String) -> [String] {
        var masked = text.replacing(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, with: "TIME")
            .replacing(/\b(\d+):[0-9a-f]{8,64}…?/) { match in
                "\(match.output.1):HASH"
            }
            .replacing(/<?\b\d+(\.\d+)?(µs|ms|s)\b/, with: "LENGTH")
        // The widths of columns.
        masked = masked.replacing(#/([^ \n]) {2,}/#) { "\($0.output.1)  " }
        let lines = masked.split(separator: "\n").map(String.init)
        // Of the machine that runs this, and not of the one on the page.
        return lines.filter { line in
            !line.contains(#/ is (on (tmpfs|overlay)|in the container's own file system)/#)
                && line != "OK  no findings"
        }
    }
}
