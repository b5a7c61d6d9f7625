import HTTPTypes
import Hummingbird
import Logging
import Queries
import SystemCalls
import Wording

/// Where every request comes in and every answer goes out: it decides who may ask, finds the route,
/// makes answers of errors, and gives each answer the fields that all have.
struct FrontDoor: HTTPResponder {
    typealias Context = DashboardContext

    let options: DashboardOptions
    let routes: RouteTable
    let hosts: HostList
    let gate: Gate
    let proxies: Proxies
    let logger: Logger
    let answers: AnswerCounts

    init(
        _ options: DashboardOptions, routes: [Route], gate: Gate, answers: AnswerCounts,
        logger: Logger
    ) {
        self.answers = answers
        self.options = options
        self.routes = RouteTable(routes, basePath: options.basePath)
        hosts = HostList(options)
        self.gate = gate
        proxies = Proxies(
            trusted: options.trustedProxies, isSecure: options.certificate != nil)
        self.logger = logger
    }

    func respond(to request: Request, context: DashboardContext) async throws -> Response {
        let start = Clock.monotonicMicroseconds()
        var context = context
        var response: Response
        context.visitor = proxies.visitor(of: request.head, peer: context.peer)
        do {
            response = try await answer(request, &context)
        } catch let error as CancellationError {
            // The connection is gone; nobody reads an answer.
            throw error
        } catch {
            let problem = problem(behind: error, request)
            response =
                ProblemPage(problem: problem, basePath: options.basePath, path: request.uri.path)
                .response
        }
        SecurityHeaders.complete(&response.headers)
        if request.method == .head { response = withoutBody(response) }
        answers.note(response.status.code)
        log(request, response, context, Clock.monotonicMicroseconds() - start)
        return response
    }

    private func answer(
        _ request: Request, _ context: inout DashboardContext
    ) async throws -> Response {
        try hosts.check(request.head)
        guard HostName(context.visitor.host).map(hosts.admits) == true else {
            throw Problem.misdirected
        }
        if request.method == .get || request.method == .head, hasBody(request.headers) {
            var problem = Problem.badRequest("a \(request.method) request has no body")
            problem.headers[.connection] = "close"
            throw problem
        }
        context.admission = gate.admission(of: request, now: .now)
        switch routes.place(request.method, request.uri.path) {
        case .nothing: throw Problem.notFound("there is nothing at this address")
        case .otherMethods(let methods):
            throw Problem.methodNotAllowed(
                request.method.rawValue, allowed: methods.map(\.rawValue))
        case .route(let route, let parameters):
            guard context.admission != nil || isOpen(route) else { return try refusal(request) }
            context.coreContext.parameters = parameters
            return try await route.respond(request, context)
        }
    }

    /// A person in front of a browser is asked to log in, all else gets a problem.
    private func refusal(_ request: Request) throws(Problem) -> Response {
        guard request.headers[.accept]?.contains("text/html") == true,
            !request.uri.path.hasPrefix("\(options.basePath)/api/")
        else { throw .unauthorized }
        return LoginPage(basePath: options.basePath, next: request.uri.string)
            .response(.unauthorized)
    }

    private func isOpen(_ route: Route) -> Bool {
        switch route.access {
        case .everybody: true
        case .badge: options.hasPublicBadges || options.isPublic
        case .token: options.isPublic
        }
    }

    private func hasBody(_ fields: HTTPFields) -> Bool {
        fields.contains(.transferEncoding) || (fields[.contentLength] ?? "0") != "0"
    }

    private func problem(behind error: any Error, _ request: Request) -> Problem {
        if let problem = error as? Problem { return problem }
        if let error = error as? HTTPError, error.status.code < 500 {
            var problem = Problem.badRequest(error.body ?? "the request cannot be understood")
            problem.status = error.status
            return problem
        }
        logger.error("\(request.method) \(path(request)): \("\(error)".escapedForTerminal)")
        return .internalError
    }

    /// The head alone; without a length the connection ends with it, so that nothing else that is
    /// sent can be taken for the body.
    private func withoutBody(_ response: Response) -> Response {
        var head = response.createHeadResponse()
        head.headers[.contentLength] = response.headers[.contentLength]
        if head.headers[.contentLength] == nil { head.headers[.connection] = "close" }
        return head
    }

    private func log(
        _ request: Request, _ response: Response, _ context: DashboardContext, _ took: Int64
    ) {
        let level: Logger.Level =
            switch response.status.code {
            case ..<400: .info
            case ..<500: .notice
            default: .error
            }
        logger.log(
            level: level,
            "\(request.method) \(path(request)) \(response.status.code) \(DurationText.text(microseconds: took)) \(context.visitor.address) \(context.admission?.token.name ?? "-")"
        )
    }

    /// Without the query, which may have secrets.
    private func path(_ request: Request) -> String { request.uri.path.escapedForTerminal }
}
