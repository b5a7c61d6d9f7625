import ArgumentParser
import CommandSupport
import Glibc
import Ledger
import SystemCalls
import Wording

/// `deploystats setup`.
struct SetupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "setup",
        abstract: "Set this machine up for a team that deploys: group, ledger, configuration.",
        discussion: """
            Creates the group, adds users to it, creates the directory of the ledger that the group \
            shares (2770) and, where there is none, a configuration file that names that ledger and \
            has every other setting as a comment. A ledger that is there gets the group, too. It \
            prints each change in one line, changes nothing that is as it should be, and ends with \
            'deploystats doctor'. Run it again whenever you like. The Debian package does the same.

            A configuration file that is there is never changed.

            EXIT CODES
              0    set up; doctor: nothing, or notes only
              1    set up; doctor: at least one warning
              2    set up; doctor: at least one critical finding
              64   usage error, such as a user that does not exist; nothing was changed
              71   a change could not be made; those printed before it are
              77   not root
            """)

    @Option(
        help: ArgumentHelp(
            "Whose members deploy. (default: the one that shares the ledger, else \(SharedDirectory.usualGroup))",
            valueName: "name"))
    var group: String?

    @Option(
        help: ArgumentHelp("Who is to be a member; may be given more than once.", valueName: "name")
    )
    var user: [String] = []

    @Flag(
        name: [.customShort("n"), .long], help: "Print what would be changed, and change nothing.")
    var dryRun = false

    @Option(
        help: ArgumentHelp(
            "Set up the system below this directory, such as an image.", valueName: "path"),
        completion: .directory)
    var root: String?

    @OptionGroup(title: "Ledger")
    var ledger: LedgerOptions

    @OptionGroup(title: "Output")
    var colour: ColourOptions

    func run() throws {
        guard User.effectiveID == 0 else {
            throw Failure.because(
                "setup must run as root, such as with sudo",
                code: ExitCode(ExitCodes.Stats.notRoot))
        }
        if let root { try enter(root) }
        let configuration = try Configuration.forCommand()
        let settings = try ledger.settings(configuration)
        let setup = Setup(
            group: try groupName(settings), users: try users(), settings: settings,
            configuration: configuration)
        try refuseLink(configuration)
        let kept = setup.kept.map { ["kept \($0)"] } ?? []
        let count = try make(setup)
        for line in kept + (count == 0 ? ["nothing to change"] : []) { try say(line) }
        if dryRun { return }
        try DoctorCommand.diagnose(settings, try .forCommand(), colour.style)
    }

    private func enter(_ root: String) throws {
        do {
            try FileSystem.changeRoot(to: root)
        } catch {
            throw ValidationError("cannot use \(root) as --root: \(error.reason)")
        }
    }

    /// The group, which exists or can be created.
    private func groupName(_ settings: LedgerSettings) throws -> String {
        let sharer = SharedDirectory.sharer(of: Path.parent(of: settings.path))
        let name = group ?? sharer.map(Group.name) ?? SharedDirectory.usualGroup
        if let gid = Group.id(named: name) {
            if gid != 0 { return name }
            throw ValidationError("the group \(name) is root's own; name another one with --group")
        }
        // As groupadd(8) and addgroup of BusyBox have it.
        guard name.wholeMatch(of: /[a-z_][a-z0-9_-]{0,31}/) != nil else {
            throw ValidationError(
                "'\(name)' is not a valid name for a group: use at most 32 lower-case letters, "
                    + "digits, '-' and '_', beginning with a letter")
        }
        return name
    }

    private func users() throws -> [String] {
        var users: [String] = []
        for name in user where !users.contains(name) {
            guard User.exists(named: name) else {
                throw ValidationError("unknown user '\(name)'; create the user first, with useradd")
            }
            users.append(name)
        }
        return users
    }

    /// Whoever can make a link there would choose what becomes the group's.
    private func refuseLink(_ configuration: Configuration) throws {
        let named = ledger.ledger ?? configuration.value("DEPLOY_LEDGER")
        let directory = Path.parent(of: named ?? LedgerSettings.defaultPath())
        guard (try? FileSystem.status(directory, followingLinks: false))?.isSymbolicLink == true
        else { return }
        let target = FileSystem.resolved(directory).map { " to \($0)" } ?? ""
        throw ValidationError(
            "\(directory) is a symbolic link\(target); name the ledger without it, with --ledger")
    }

    /// Makes the changes, or prints them; gives their number.
    private func make(_ setup: Setup) throws -> Int {
        var count = 0
        do {
            for step in setup.steps {
                for change in try step() {
                    if !dryRun { try change.make() }
                    try say(change.words(isPlanned: dryRun))
                    count += 1
                }
            }
        } catch let error as SetupError {
            throw Failure.because("\(error)", code: ExitCode(ExitCodes.systemError))
        }
        return count
    }

    private func say(_ line: String) throws {
        try StandardOutput.print(line.escapedForTerminal + "\n")
    }
}
