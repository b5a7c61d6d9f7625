public import ArgumentParser

extension CompletionKind {
    /// The tiers that have targets; there may be others.
    public static var tiers: CompletionKind { .list(["lightning", "docker"]) }

    /// Where deployments usually come from.
    public static var sources: CompletionKind { .list(["ssh", "cron", "manual"] + CIRun.sources) }
}
