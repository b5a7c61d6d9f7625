import ArgumentParser
import CommandSupport
import Ledger
import Secrets

/// How many may be ahead of a deployment that still joins the queue.
struct QueueLimit: Sendable {
    /// Skipped when this many or more are pending; at least 1.
    let count: Int
    /// Where the number comes from, for whoever has to look for it.
    let setting: String

    /// Options before environment before configuration file; nil for no limit.
    init?(_ request: QueueRequest, _ configuration: Configuration) throws {
        if request.ignoresLimit { return nil }
        let given =
            request.maxQueue.map { Configuration.Setting("--max-queue", $0) }
            ?? configuration.setting("DEPLOY_MAX_QUEUE")
        guard let given else { return nil }
        guard let count = Int(given.text), count > 0 else {
            throw ValidationError(
                "\(given.place) must be at least 1, not '\(given.text)'; leave it out, or "
                    + "write --ignore-max-queue, to deploy however many are waiting")
        }
        self.count = count
        setting = given.name
    }
}

/// The deployments of which the newest is as good as all of them.
struct Batch: Sendable {
    /// The same for all of them under one lock.
    let key: String
    /// Whether this one steps aside for a newer one; otherwise it only covers older ones.
    let stepsAside: Bool
    /// Whether it then waits for the newer one.
    let waitsForCovering: Bool

    /// Nil when neither --yield-to-newer nor --batch-key was given.
    init?(_ request: QueueRequest, ref: String?, tier: String?, waits: Bool) throws {
        if request.waitCovered, !request.yieldsToNewer {
            throw ValidationError("--wait-covered requires --yield-to-newer")
        }
        if request.waitCovered, !waits {
            throw ValidationError(
                "--wait-covered cannot be combined with --no-wait")
        }
        if request.batchKey?.allSatisfy(\.isWhitespace) == true {
            throw ValidationError("--batch-key is empty; name what is deployed, such as 'web'")
        }
        if let key = request.batchKey {
            self.key = key
        } else if !request.yieldsToNewer {
            return nil
        } else if let ref, !ref.allSatisfy(\.isWhitespace) {
            // What is deployed in another way need not be covered: a quick deployment of some files
            // leaves out what a whole one would bring.
            key = "ref \(ref)" + (tier.map { ", tier \($0)" } ?? "")
        } else {
            throw ValidationError(
                "--yield-to-newer must know what belongs together, or it would leave out work that no "
                    + "newer deployment does; give --ref (or DEPLOY_REF) or --batch-key")
        }
        guard Masking.mask(key) == key else {
            throw ValidationError(
                "the batch key looks like a secret, and it is shown and recorded; give another "
                    + "one with --batch-key")
        }
        stepsAside = request.yieldsToNewer
        waitsForCovering = request.waitCovered
    }
}
