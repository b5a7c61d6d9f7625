import ArgumentParser

/// What to do about a freeze.
struct FreezeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Deploy although deployments are frozen; recorded with the reason.",
            valueName: "reason"))
    var overrideFreeze: String?

    /// What the parser has read.
    var request: FreezeRequest {
        FreezeRequest(
            overrideFreeze: overrideFreeze)
    }
}

/// The same as it was written.
struct FreezeRequest: RequestGroup {
    var overrideFreeze: String?

    mutating func setFlag(_ name: String) -> Bool {
        false
    }

    mutating func setOption(_ name: String, _ value: String) -> Bool {
        switch name {
        case "--override-freeze": overrideFreeze = value
        default: return false
        }
        return true
    }
}
