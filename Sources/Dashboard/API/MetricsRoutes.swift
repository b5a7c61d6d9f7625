import Hummingbird
import JSON
import Ledger
import DeploymentMetrics
import Queries
import Status

/// The metrics of a window as `deploystats metrics` prints them.
struct MetricsRoutes {
    let site: Site

    private static let path = "/api/admin/metrics"

    var routes: [Route] { [.get(Self.path) { request, _ in try await metrics(request) }] }

    private func metrics(_ request: Request) async throws -> Response {
        let query = try AddressQuery(
            request, known: Selection.window + Selection.filters + ["format"])
        let selection = try Selection(query, zone: site.options.zone)
        let window = try selection.window(now: .now)
        let format = try AnswerFormat(query, request)
        let now = await site.live.current()
        let key = "\(Self.path) \(format) \(selection.words) \(selection.filter)"
        // Until something happens, everybody gets the same window that ends now for a minute.
        let version = "\(now.version)-\(Instant.minute)"
        return try await site.cache.response(key, version: version, request) { [site] in
            let (report, notes) = try await site.ledger.read(.queries) { reader in
                let report = try MetricsReport(
                    reader.connection, window: window, filter: selection.filter,
                    now: .now, targets: site.options.targets, isDead: Liveness.isDead)
                return (
                    (report.json, report.table), try selection.filter.notes(reader.connection)
                )
            }
            let text =
                switch format {
                case .json: report.0.with(notes: notes).document
                case .csv: CSVRenderer().render(report.1)
                }
            return Rendering(text, contentType: format.contentType)
        }
    }
}
