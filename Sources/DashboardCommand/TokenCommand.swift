import ArgumentParser
import CommandSupport
import Dashboard
import Queries
import SystemCalls
import Wording

/// `deploy-dashboard token`: lets somebody in, or no longer.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Create a token and print it, once.",
        discussion: """
            The token file keeps only a hash of the token. A server that runs reads the file again \
            when it changed.
            """,
        helpNames: .shortAndLong)

    @Argument(
        help: ArgumentHelp(
            "Who or what it is for, such as laptop; names it in the log.", valueName: "name"))
    var name: String?

    @Option(
        help: ArgumentHelp("How long it is valid, such as 90d.", valueName: "duration"))
    var expires: String?

    @Flag(help: "Replace the token of that name.")
    var replace = false

    @Option(
        name: .customLong("remove"),
        help: ArgumentHelp(
            "Remove the token of that name, and all logins with it.", valueName: "name"))
    var removed: String?

    @Flag(help: "List the names of the tokens and when they expire.")
    var list = false

    @OptionGroup var place: TokenFileOptions

    func validate() throws {
        guard [name != nil, removed != nil, list].filter(\.self).count == 1 else {
            throw ValidationError("use one of NAME, --remove NAME and --list")
        }
        if name == nil, expires != nil || replace {
            throw ValidationError("--expires and --replace go with the name of a new token")
        }
        if let name, !AccessToken.isName(name) {
            throw ValidationError(
                "the name of a token has at most 64 letters, digits, '.', '_' and '-'")
        }
    }

    func run() throws {
        let file = try place.file(Configuration.forCommand())
        do {
            if list { return try show(file) }
            if let removed { return try remove(removed, file) }
            if let name { try create(name, file) }
        } catch let problem as TokenFile.Problem {
            throw Self.failure("\(problem)")
        } catch let error as SystemError {
            throw Self.failure("cannot write \(file.path): \(error)")
        }
    }

    private func create(_ name: String, _ file: TokenFile) throws {
        let lifetime = try expires.map { try Configuration.Setting("--expires", $0).duration() }
        let end = lifetime.map {
            Instant(microseconds: Clock.wallMicroseconds()).adding(microseconds: $0)
        }
        let (token, secret) = AccessToken.make(name, expires: end)
        try file.change { tokens in
            if tokens.contains(where: { $0.name == name }) {
                guard replace else {
                    throw ValidationError(
                        "there is a token named '\(name)' already: use --replace or another name")
                }
                tokens.removeAll { $0.name == name }
            }
            tokens.append(token)
        }
        Terminal.complain(
            "deploy-dashboard: added '\(name)' to \(file.path); the token is shown once:")
        try StandardOutput.print(secret + "\n")
    }

    private func remove(_ name: String, _ file: TokenFile) throws {
        try file.change { tokens in
            guard tokens.contains(where: { $0.name == name }) else {
                throw ValidationError("there is no token named '\(name)' in \(file.path)")
            }
            tokens.removeAll { $0.name == name }
        }
    }

    private func show(_ file: TokenFile) throws {
        for token in try file.read() {
            let end = token.expires.map { RFC3339.toTheSecond($0.microseconds) } ?? "never"
            try StandardOutput.print("\(token.name) \(end)\n")
        }
    }

    /// Says why it failed.
    static func failure(_ words: String) -> ExitCode {
        Terminal.complain("deploy-dashboard: \(words)")
        return ExitCode(ExitCodes.Dashboard.failed)
    }
}
