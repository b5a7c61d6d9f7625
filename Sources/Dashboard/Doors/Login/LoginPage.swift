import HTTPTypes
import Hummingbird
import NIOCore
import Reporting

/// Where a browser logs in.
struct LoginPage {
    let basePath: String
    /// Where to go then.
    let next: String
    /// A one-time link that only needs to be confirmed: what fetches addresses to show a preview of
    /// them must not use it up.
    var link: String?
    /// What was wrong with the last try.
    var trouble: String?

    /// The page.
    ///
    /// - Parameter status: 401 where something else was asked for.
    func response(_ status: HTTPResponse.Status = .ok) -> Response {
        var headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
        ]
        if status == .unauthorized {
            headers[.wwwAuthenticate] = Problem.unauthorized.headers[.wwwAuthenticate]
        }
        let page = PlainPage(title: "Log in", basePath: basePath, body: body)
        return Response(
            status: status, headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: page.html)))
    }

    private var body: String {
        let notice = trouble.map { "<p role=\"alert\">\($0.escapedForHTML)</p>\n" } ?? ""
        return """
            <h1>Log in</h1>
            \(notice)<form method="post" action="\(basePath)/login">
            <input type="hidden" name="next" value="\(next.escapedForHTML)">
            \(fields)
            <p><button type="submit">Log in</button></p>
            </form>
            """
    }

    private var fields: String {
        if let link {
            return """
                <p>This link logs this browser in, once.</p>
                <input type="hidden" name="link" value="\(link.escapedForHTML)">
                """
        }
        return """
            <p><label>Token <input type="password" name="token" autocomplete="current-password" \
            required autofocus></label></p>
            <p>'deploy-dashboard token NAME' makes a token, 'deploy-dashboard link' a link that logs in \
            once.</p>
            """
    }
}
