package import ArgumentParser

extension CompletionKind {
    /// The tiers that have targets; there may be others.
    package static var tiers: CompletionKind { .list(["lightning", "docker"]) }

    /// Times that have a name; there are many others.
    package static var times: CompletionKind {
        .list(["now", "today", "yesterday", "this-week", "last-week"])
    }

    /// Where deployments usually come from.
    package static var sources: CompletionKind { .list(["ssh", "cron", "manual"] + CIRun.sources) }
}
