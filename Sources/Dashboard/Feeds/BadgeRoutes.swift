import DeployLock
import HTTPTypes
import Hummingbird
import JSON
import Status

/// Badges of locks: `/badge/lock.svg`, `/badge/last.json`.
struct BadgeRoutes {
    let site: Site

    var routes: [Route] {
        [
            .get("/badge/{subject}.svg", access: .badge) { request, context in
                try await answer(request, context, type: "image/svg+xml") { $0.svg }
            },
            .get("/badge/{subject}.json", access: .badge) { request, context in
                try await answer(request, context, type: "application/json") {
                    $0.json.indented + "\n"
                }
            },
        ]
    }

    private func answer(
        _ request: Request, _ context: DashboardContext, type: String,
        _ draw: @escaping @Sendable (Badge) -> String
    ) async throws -> Response {
        let name = context.parameters.get("subject") ?? ""
        guard let subject = Badge.Subject(rawValue: name) else {
            let known = Badge.Subject.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem.notFound("there is no badge '\(name)'; there are \(known)")
        }
        let query = try AddressQuery(request, known: ["lock"])
        let now = await site.live.current()
        let situation = now.situation
        let path = try query.one("lock")
        guard
            let lock = path.map({ situation.lock(LockPaths(lockFile: $0).lockFile) })
                ?? situation.locks.first
        else { throw Problem.notFound("this server shows no lock '\(path ?? "")'") }
        let badge = Badge(subject, of: lock, situation)
        let key = "badge \(name) \(type) \(lock.path)"
        return try await site.cache.response(key, version: now.version, request) {
            Rendering(draw(badge), contentType: type)
        }
    }
}
