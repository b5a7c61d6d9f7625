import ArgumentParser
import CommandSupport
import Ledger

/// What a deployment makes of a freeze.
struct FreezePlan: Sendable {
    /// Why it deploys in spite of one, secrets masked; nil when it waits.
    let overrideReason: String?

    /// - Throws: a usage error for an override without a reason.
    init(_ request: FreezeRequest) throws {
        if request.overrideFreeze?.allSatisfy(\.isWhitespace) == true {
            throw ValidationError(
                "--override-freeze requires a reason, such as 'payments are down'; it is recorded")
        }
        overrideReason = request.overrideFreeze.map {
            String(EventDetail.outside($0).prefix(FreezeEvents.longestReason))
        }
    }
}
