import ArgumentParser
import CommandSupport
import Dashboard
import Queries
import SystemCalls
import Wording

/// `deploy-dashboard link`: a login that works once.
struct LinkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link", abstract: "Print a link that logs one browser in, once.",
        discussion: """
            The link works for 10 minutes, at a server that was started before and reads the same token \
            file. It opens a page with a button: what fetches addresses to show a preview of them does not \
            use it up.
            """,
        helpNames: .shortAndLong)

    @Argument(
        help: ArgumentHelp(
            "The token to log in with; needed where there are several.", valueName: "name"))
    var name: String?

    @Option(
        help: ArgumentHelp(
            "The address of the dashboard for browsers. (default: DEPLOY_DASHBOARD_URL, else "
                + "http://127.0.0.1:8080)", valueName: "url"))
    var url: String?

    @OptionGroup var place: TokenFileOptions

    func run() throws {
        let configuration = try Configuration.forCommand()
        let file = try place.file(configuration)
        let address = configuration.given(url, "--url", "DEPLOY_DASHBOARD_URL")
        let link = LoginLink(for: try token(file), now: .now)
        let start = try address.map { try Self.start($0) } ?? "http://127.0.0.1:8080"
        try StandardOutput.print("\(start)/login?link=\(link.text)\n")
    }

    private func token(_ file: TokenFile) throws -> AccessToken {
        let tokens: [AccessToken]
        do { tokens = try file.read().filter { $0.isValid(at: .now) } } catch {
            throw TokenCommand.failure("\(error)")
        }
        if let name {
            guard let token = tokens.first(where: { $0.name == name }) else {
                let question = NearMiss.question(name, among: tokens.map(\.name))
                throw ValidationError(
                    "there is no valid token named '\(name)' in \(file.path)\(question)")
            }
            return token
        }
        guard let token = tokens.first else {
            throw TokenCommand.failure(
                "no token in \(file.path) is valid: create one with 'deploy-dashboard token NAME'")
        }
        guard tokens.count == 1 else {
            throw ValidationError(
                "there are several tokens, name one: \(tokens.map(\.name).joined(separator: ", "))")
        }
        return token
    }

    private static func start(_ setting: Configuration.Setting) throws -> String {
        let text = setting.text
        guard text.hasPrefix("http://") || text.hasPrefix("https://"),
            text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7f }),
            !text.contains("?"), !text.contains("#")
        else {
            throw ValidationError(
                "\(setting.place) must be an address such as https://deploys.example.com, not '\(text)'"
            )
        }
        return text.last == "/" ? String(text.dropLast()) : text
    }
}
