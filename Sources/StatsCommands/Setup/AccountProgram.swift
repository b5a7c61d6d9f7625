import Processes
import SystemCalls
import Wording

/// The programs that change the groups of a machine, which take the locks and keep the copies that
/// others expect: those of shadow-utils, else those of BusyBox.
enum AccountProgram {
    /// Where they are; a caller's PATH may lead anywhere.
    private static let directories = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"]

    /// How to create a system group.
    static func creating(_ group: String) throws(SetupError) -> [String] {
        try first(
            "create groups",
            [
                ["groupadd", "--system", group], ["addgroup", "-S", group],
            ])
    }

    /// How to add a user to a group.
    static func adding(_ user: String, to group: String) throws(SetupError) -> [String] {
        try first(
            "add users to groups",
            [
                ["usermod", "-aG", group, user], ["addgroup", user, group],
            ])
    }

    /// Runs one; what it says last is why it failed.
    static func run(_ command: [String], to what: String) throws(SetupError) {
        let run: CapturedRun
        do {
            // They wait a quarter of a minute for each other.
            run = try Command(command).capture(timeout: 60_000_000)
        } catch {
            throw SetupError("cannot \(what)", error)
        }
        if run.status == .exited(0) { return }
        // The reason, and what it was the reason for.
        let said = String(decoding: run.errors, as: UTF8.self)
            .split(separator: "\n").suffix(2).joined(separator: "; ")
        let ended = run.status.map { "ended with \($0.code)" } ?? "did not end"
        throw SetupError("cannot \(what)", said.isEmpty ? "\(command[0]) \(ended)" : said)
    }

    private static func first(
        _ purpose: String, _ commands: [[String]]
    ) throws(SetupError) -> [String] {
        for command in commands {
            let paths = directories.map { "\($0)/\(command[0])" }
            guard let path = paths.first(where: FileSystem.isExecutable) else { continue }
            return [path] + command.dropFirst()
        }
        let names = commands.map { $0[0] }.joined(separator: " nor ")
        throw SetupError(
            "cannot \(purpose)",
            "neither \(names) is in \(directories.joined(separator: ", ")); install the package "
                + "passwd (Debian, Ubuntu), shadow-utils (Fedora) or shadow (Alpine)")
    }
}
