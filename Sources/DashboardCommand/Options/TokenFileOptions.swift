import ArgumentParser
import CommandSupport
import Dashboard
import SystemCalls

/// Where the tokens are.
struct TokenFileOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The file with the tokens. (default: /etc/deploy-dashboard/tokens for root, else "
                + "~/.config/deploy-dashboard/tokens)", valueName: "path"),
        completion: .file())
    var tokenFile: String?

    /// The file that the option names, else the environment, else the configuration file, else the
    /// usual one.
    func file(_ configuration: Configuration) throws -> TokenFile {
        let named = configuration.given(
            tokenFile, "--token-file", "DEPLOY_DASHBOARD_TOKEN_FILE")
        guard let path = named?.text ?? TokenFile.defaultPath() else {
            throw ValidationError("there is no HOME to keep tokens in: use --token-file")
        }
        return TokenFile(path: path)
    }
}
