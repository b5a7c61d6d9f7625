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
        PlainPage(
            title: problem.kind.title, basePath: basePath, template: "problem.html",
            values: [
                "status": .count(problem.status.code), "title": .outside(problem.kind.title),
                "detail": .outside(problem.detail),
            ]
        ).html
    }
}
