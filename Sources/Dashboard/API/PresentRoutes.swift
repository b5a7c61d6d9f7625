import DeployLock
import GitHub
import HTTPTypes
import Hummingbird
import JSON
import Queries
import Status
import SystemCalls
import Wording

/// What is the case now: the document for other tools, everything, and the runs of CI.
struct PresentRoutes {
    let site: Site

    private static let document = "/api/admin/deployment-status"
    private static let everything = "/api/admin/status"
    private static let queue = "/api/admin/ci-queue"

    var routes: [Route] {
        [
            .get(Self.document) { request, _ in try await document(request) },
            .get(Self.everything) { request, _ in try await everything(request) },
            .get(Self.queue) { request, _ in try await queue(request) },
        ]
    }

    /// One lock in the form that was agreed upon.
    private func document(_ request: Request) async throws -> Response {
        let query = try AddressQuery(request, known: ["lock"])
        let path = try path(query.one("lock"))
        let now = await site.live.current()
        guard let lock = now.situation.lock(path) else { throw Self.unknown(path) }
        guard let status = DeploymentStatus(lock) else {
            throw Problem.unavailable(
                "cannot determine who holds \(path): \(lock.problem ?? "")", retryAfter: 5)
        }
        return try await answer(request, "\(Self.document) \(path)", now) { status.json.indented }
    }

    private func everything(_ request: Request) async throws -> Response {
        _ = try AddressQuery(request, known: [])
        let now = await site.live.current()
        return try await answer(request, Self.everything, now) { now.situation.json.document }
    }

    /// Ages and lengths go on while nothing else changes, so an answer is good for the second in
    /// which the locks were looked at.
    private func answer(
        _ request: Request, _ key: String, _ now: Now, _ text: @escaping @Sendable () -> String
    ) async throws -> Response {
        let second = now.situation.at.microseconds / 1_000_000
        return try await site.cache.response(key, version: "\(now.version)-\(second)", request) {
            Rendering(text(), contentType: "application/json")
        }
    }

    /// The lock that is meant, as it is known here.
    ///
    /// - Parameter given: as somebody names it; nil for the first of the configured ones.
    private func path(_ given: String?) throws(Problem) -> String {
        let known = site.options.locks.map(\.lockFile)
        guard let given else { return known.first ?? "" }
        if known.contains(given) { return given }
        // Such as by a link in its path.
        let path = LockPaths(lockFile: given).lockFile
        guard given.hasPrefix("/"), known.contains(path) else { throw Self.unknown(given) }
        return path
    }

    private static func unknown(_ path: String) -> Problem {
        .notFound(
            "the lock '\(path)' is not shown here; start the server with --lock-file to add it")
    }

    private func queue(_ request: Request) async throws -> Response {
        _ = try AddressQuery(request, known: [])
        guard let watch = site.ciQueue else {
            throw Problem.notFound(
                "CI runs are not watched; start the server with --github OWNER/NAME --workflow FILE"
            )
        }
        let seen = watch.seen
        guard let queue = seen.queue else {
            throw Problem.unavailable(
                seen.problem.map { "cannot ask GitHub: \($0)" }
                    ?? "GitHub has not answered yet", retryAfter: 5)
        }
        let options = watch.options
        let json = queue.json(
            problem: seen.problem, repository: options.repository, workflow: options.workflow)
        return try await site.cache.response(Self.queue, version: "\(seen.endedAtUs)", request) {
            Rendering(json.document, contentType: "application/json")
        }
    }
}

extension DeployQueue {
    /// The document of `GET /api/admin/ci-queue`; ages are as of `counted_at`.
    fileprivate func json(
        problem: String?, repository: Repository, workflow: String
    ) -> JSONValue {
        .object([
            ("repository", .string(repository.description)),
            ("workflow", .string(workflow)),
            ("counted_at", .string(RFC3339.toTheMicrosecond(countedAtUs))),
            ("problem", .optional(problem)),
            ("queue_length", .integer(Int64(length))),
            ("truncated", .bool(isCut)),
            ("pending", .array(entries.map { $0.json(at: countedAtUs) })),
        ])
    }
}
