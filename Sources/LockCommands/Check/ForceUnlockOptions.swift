import ArgumentParser

/// What a person says who frees a lock.
struct ForceUnlockOptions: ParsableArguments {
}
