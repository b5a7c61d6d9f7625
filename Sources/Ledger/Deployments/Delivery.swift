/// What became of the commit of a deployment, as far as other deployments decide it.
///
/// A request for a commit is any deployment that names a commit and a lock and is no run of CI. The
/// commit is delivered when a deployment of it succeeds, or when one of it stepped aside and the
/// deployment at the end of that chain succeeds. The first request carries the time of the first
/// delivery, whichever of the requests it belongs to.
struct Delivery: Hashable, Sendable {
    /// Of one that stepped aside: the outcome at the end of the chain of those that each stepped
    /// aside for the next; nil while that is in flight, or not in this ledger.
    var coverOutcome: Outcome?
    /// Whether nobody asked for its commit under its lock before.
    var isFirstRequest = false
    /// When its commit was first delivered; only of first requests.
    var atUs: Int64?
    /// The place of the deployment whose success that was; nil: it was this one.
    var by: Int64?

    /// A success by which a commit was delivered.
    struct Success: Hashable {
        /// The place of the deployment that succeeded; nil: it has none yet, and will be the last.
        let place: Int64?
        let atUs: Int64

        /// Whether it came first; of two at the same time the one that is first in the ledger.
        func isBefore(_ other: Success) -> Bool {
            (atUs, place ?? .max) < (other.atUs, other.place ?? .max)
        }
    }

    /// Takes note of a success that may be the first one to deliver the commit.
    ///
    /// - Parameter place: that of the first request itself.
    mutating func note(_ success: Success?, place: Int64?) {
        guard let success else { return }
        if let atUs, !success.isBefore(Success(place: by ?? place, atUs: atUs)) { return }
        atUs = success.atUs
        by = success.place == place ? nil : success.place
    }

    /// One request for a commit.
    struct Request {
        let place: Int64
        let atUs: Int64
        /// Its own success, or that of the chain of those it stepped aside for.
        let success: Success?
    }

    /// The place of the first of all requests for one commit under one lock, and what it carries.
    static func first(of requests: [Request]) -> (place: Int64, delivery: Delivery)? {
        let first = requests.min { ($0.atUs, $0.place) < ($1.atUs, $1.place) }
        guard let first else { return nil }
        var delivery = Delivery()
        delivery.isFirstRequest = true
        for request in requests { delivery.note(request.success, place: first.place) }
        return (first.place, delivery)
    }
}

extension DeploymentRow {
    /// A commit under a lock.
    struct Commit: Hashable {
        let sha: String
        let lock: String
    }

    /// The commit that this is a request for; nil when it names none, or is a run of CI.
    var commit: Commit? {
        guard requestedAtUs != nil, !isImported, let sha, let lock else { return nil }
        return Commit(sha: sha, lock: lock)
    }

    /// Its own success.
    var success: Delivery.Success? {
        guard outcome == .succeeded, let endedAtUs else { return nil }
        return Delivery.Success(place: n == 0 ? nil : n, atUs: endedAtUs)
    }

    /// Whether those that stepped aside for it have to be told when `other` becomes this row.
    func decidesOtherwise(than other: DeploymentRow) -> Bool {
        outcome != other.outcome || endedAtUs != other.endedAtUs || coveredBy != other.coveredBy
            || delivery.coverOutcome != other.delivery.coverOutcome
    }

    /// Whether this row is no longer the request for a commit that `other` was; nothing that a
    /// deployment does, but a spool or a file may hold anything.
    func isOtherRequest(than other: DeploymentRow) -> Bool {
        other.commit != nil && (other.commit != commit || other.requestedAtUs != requestedAtUs)
    }

    /// Whether `other` delivered something that this row does not.
    func takesBackSuccess(of other: DeploymentRow) -> Bool {
        if let success = other.success { return success != self.success }
        return other.delivery.coverOutcome == .succeeded
            && (delivery.coverOutcome != .succeeded || coveredBy != other.coveredBy)
    }

    /// Takes its place among the requests for its commit, of which `first` was the first so far.
    mutating func takePlace(before first: DeploymentRow?, _ success: Delivery.Success?) {
        let place = n == 0 ? nil : n
        if let first, let asked = requestedAtUs, let before = first.requestedAtUs {
            guard (asked, place ?? .max) < (before, first.n) else { return }
            if let at = first.delivery.atUs {
                let known = Delivery.Success(place: first.delivery.by ?? first.n, atUs: at)
                delivery.note(known, place: place)
            }
        }
        delivery.isFirstRequest = true
        delivery.note(success, place: place)
    }
}

extension Delivery {
    /// As if no commit was ever asked for.
    mutating func forgetCommit() { take(commitOf: Delivery()) }

    /// Takes over what another one says of the commit.
    mutating func take(commitOf other: Delivery) {
        isFirstRequest = other.isFirstRequest
        atUs = other.atUs
        by = other.by
    }
}
