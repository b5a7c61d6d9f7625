import ArgumentParser
import Reporting

/// Who a report is mailed to.
struct MailOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "With --format mail: who gets it; may be given more than once.", valueName: "address"))
    var to: [String] = []

    @Option(
        help: ArgumentHelp(
            "With --format mail: whose it is. (default: the account's address)",
            valueName: "address"))
    var from: String?

    /// The recipients; a text that is not an address is a usage error.
    func recipients() throws -> [MailAddress] { try to.map { try Self.address("--to", $0) } }

    /// The sender; nil to leave that to the mail server.
    func sender() throws -> MailAddress? { try from.map { try Self.address("--from", $0) } }

    func validate(isMail: Bool) throws {
        if isMail, to.isEmpty {
            throw ValidationError("--format mail requires --to, such as --to ops@example.org")
        }
        if !isMail, !to.isEmpty || from != nil {
            throw ValidationError("--to and --from require --format mail")
        }
        _ = try (recipients(), sender())
    }

    private static func address(_ option: String, _ text: String) throws -> MailAddress {
        do throws(MailAddress.Mistake) {
            return try MailAddress(text)
        } catch {
            throw ValidationError("\(option): \(error)")
        }
    }
}
