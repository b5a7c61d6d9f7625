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
        let page = PlainPage(
            title: "Log in", basePath: basePath, template: "login.html",
            values: [
                "next": .text(next), "link": .optional(link), "trouble": .optional(trouble),
            ])
        return Response(
            status: status, headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: page.html)))
    }
}
