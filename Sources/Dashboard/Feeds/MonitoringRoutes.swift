import CommandSupport
import HTTPTypes
import Hummingbird
import Ledger
import NIOCore
import Queries
import Reporting
import Status

/// What monitoring systems ask.
struct MonitoringRoutes {
    let site: Site

    var routes: [Route] {
        [
            .get("/healthz", access: .everybody) { _, _ in Self.plain("ok\n") },
            .get("/readyz") { _, _ in
                let now = await site.live.current()
                if now.isReadable { return Self.plain("ready\n") }
                throw Problem.unavailable(
                    now.situation.ledgerProblem ?? "the ledger cannot be read", retryAfter: 10)
            },
            .get("/metrics") { request, _ in try await metrics(request) },
        ]
    }

    private static func plain(
        _ text: String, _ type: String = "text/plain; charset=utf-8"
    ) -> Response {
        Response(
            status: .ok, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    /// All figures of the ledger and the locks, and those of the server itself; only the latter where
    /// the ledger cannot be read.
    private func metrics(_ request: Request) async throws -> Response {
        let now = await site.live.current()
        let (exposition, type) = Self.exposition(request)
        let own = ServerFigures(site: site).families
        let labels = DeploymentExposition.labels(ledger: site.options.ledger.path)
        let look = now.situation.look
        guard now.isReadable else {
            return Self.plain(exposition.text(own.map { $0.labelled(labels) }), type)
        }
        // All who ask while nothing changes share one answer: of a large ledger it takes long.
        let report = try await site.exposition.value(now.version) { [ledger = site.ledger] in
            try await ledger.read { reader in
                try DeploymentExposition(
                    reader.connection, locks: look.locks.map { LiveLock($0) }, spool: look.spool,
                    version: Tool.version, now: .now)
            }
        }
        return Self.plain(report.text(exposition, labels: labels, and: own), type)
    }

    /// Prometheus' own text unless OpenMetrics is asked for.
    private static func exposition(_ request: Request) -> (Exposition, type: String) {
        let accepted = request.headers[values: .accept].joined(separator: ",")
        return accepted.contains("application/openmetrics-text")
            ? (.openMetrics, "application/openmetrics-text; version=1.0.0; charset=utf-8")
            : (.prometheus, "text/plain; version=0.0.4; charset=utf-8")
    }
}
