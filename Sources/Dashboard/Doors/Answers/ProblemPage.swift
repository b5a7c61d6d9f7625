import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Reporting

/// A problem as an answer.
struct ProblemPage {
    let problem: Problem
    /// Below which everything is.
    let basePath: String
    /// The path that was asked for.
    let path: String

    /// The API is for programs, all else for people.
    var response: Response {
        let isForPrograms = path.hasPrefix("\(basePath)/api/")
        let text =
            isForPrograms ? problem.json(instance: path).indented + "\n" : page
        var headers = problem.headers
        headers[.contentType] =
            isForPrograms ? "application/problem+json" : "text/html; charset=utf-8"
        headers[.cacheControl] = "no-store"
        return Response(
            status: problem.status, headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    private var page: String {
        let title = problem.title.escapedForHTML
        return PlainPage(
            title: problem.title, basePath: basePath,
            body: """
                <h1>\(problem.status.code) \(title)</h1>
                <p>\(problem.detail.escapedForHTML)</p>
                <p><a href="\(basePath)/super-admin/deployments">All deployments</a></p>
                """
        ).html
    }
}
