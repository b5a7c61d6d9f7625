import HTTPTypes
import Hummingbird
import NIOCore
import Queries
import SystemCalls

/// Logging in and out: the only requests that send something.
struct LoginRoutes {
    let options: DashboardOptions
    let gate: Gate
    let limit = LoginLimit()

    var routes: [Route] {
        [
            .get("/login", access: .everybody) { [self] request, _ in show(request) },
            .post("/login", access: .everybody) { [self] request, context in
                try await logIn(request, context)
            },
            .post("/logout", access: .everybody) { [self] request, context in
                try logOut(request, context)
            },
        ]
    }

    private func show(_ request: Request) -> Response {
        let query = FormFields(request.uri.query ?? "")
        return LoginPage(
            basePath: options.basePath, next: localPath(query["next"]), link: query["link"]
        ).response()
    }

    private func logIn(
        _ request: Request, _ context: DashboardContext
    ) async throws -> Response {
        try checkOrigin(request, context.visitor)
        let now = Instant.now
        try limit.check(context.visitor.address, now: now)
        let form = FormFields(try await text(of: request))
        let next = localPath(form["next"])
        guard let token = token(form, now) else {
            limit.fail(context.visitor.address, now: now)
            return LoginPage(
                basePath: options.basePath, next: next,
                trouble: "That token or link is not valid, or is no longer valid."
            ).response(.unauthorized)
        }
        let session = Session(
            for: token, run: gate.logouts.run, now: now, lifetimeUs: options.limits.sessionUs)
        return redirect(
            to: next,
            cookie(
                session.text, seconds: (session.ends.microseconds - now.microseconds) / 1_000_000,
                context.visitor))
    }

    private func logOut(_ request: Request, _ context: DashboardContext) throws -> Response {
        try checkOrigin(request, context.visitor)
        let now = Instant.now
        if let session = gate.session(of: request, now: now) {
            gate.logouts.add(session, now: now)
        }
        return redirect(
            to: "\(options.basePath)/login", cookie("", seconds: 0, context.visitor))
    }

    /// The token that a form proves; the same silence for everything that is wrong.
    private func token(_ form: FormFields, _ now: Instant) -> AccessToken? {
        if let text = form["link"] {
            guard let link = LoginLink(text, gate.tokens, now: now),
                gate.desk.consume(link, now: now)
            else { return nil }
            return gate.tokens.token(named: link.token, now: now)
        }
        return form["token"].flatMap { gate.tokens.token(secret: $0, now: now) }
    }

    /// Refuses what another site's page sends.
    private func checkOrigin(_ request: Request, _ visitor: Visitor) throws(Problem) {
        if let site = request.headers[.secFetchSite] {
            if site == "same-origin" { return }
        } else if let origin = request.headers[.origin] {
            // Whether `http` or `https` only a proxy that is believed could tell.
            let host = origin.firstRange(of: "://").map { origin[$0.upperBound...] }
            if let host, let name = HostName(String(host)), name == HostName(visitor.host) {
                return
            }
        }
        throw .forbidden("a login comes from this server's own page")
    }

    private func text(of request: Request) async throws -> String {
        let type = request.headers[.contentType] ?? ""
        guard type.split(separator: ";").first == "application/x-www-form-urlencoded" else {
            throw Problem(
                .unsupportedMediaType, "a login is sent as application/x-www-form-urlencoded")
        }
        let tooLarge = Problem(
            .contentTooLarge, "a login has at most \(Self.mostBytes) bytes")
        if let length = request.headers[.contentLength].flatMap(Int.init), length > Self.mostBytes {
            throw tooLarge
        }
        do {
            return String(buffer: try await request.body.collect(upTo: Self.mostBytes))
        } catch is NIOTooManyBytesError {
            throw tooLarge
        }
    }

    private static let mostBytes = 8192

    /// An address of this server to go to; where another one is asked for, the first page.
    private func localPath(_ text: String?) -> String {
        let start = "\(options.basePath)/super-admin/deployments"
        guard let text, text.hasPrefix("\(options.basePath)/"), !text.hasPrefix("//"),
            // Browsers take a backslash for a slash, and pass over line feeds.
            text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7f && $0 != "\\" }),
            // Nor may dots lead out of the base path.
            text.prefix(while: { $0 != "?" && $0 != "#" }).split(separator: "/").allSatisfy({
                ![nil, ".", ".."].contains(PercentEncoding.decode($0))
            })
        else { return start }
        return text
    }

    private func redirect(to path: String, _ cookie: String) -> Response {
        Response(
            status: .seeOther,
            headers: [.location: path, .setCookie: cookie, .cacheControl: "no-store"])
    }

    private func cookie(_ value: String, seconds: Int64, _ visitor: Visitor) -> String {
        "\(gate.cookie)=\(value); Path=\(options.basePath.isEmpty ? "/" : options.basePath); Max-Age=\(seconds); HttpOnly; "
            + "SameSite=Lax" + (visitor.isSecure ? "; Secure" : "")
    }
}
