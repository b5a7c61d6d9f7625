import HTTPTypes
import Hummingbird

/// How rows are answered.
enum AnswerFormat: String, CaseIterable, Sendable {
    case json, csv

    /// The one that an address names in `format`, else the one that is accepted, else JSON.
    init(_ query: AddressQuery, _ request: Request) throws(Problem) {
        if let name = try query.one("format") {
            guard let format = AnswerFormat(rawValue: name) else {
                throw .badRequest("unknown format '\(name)'; use json or csv")
            }
            self = format
            return
        }
        let accepted = request.headers[values: .accept].joined(separator: ",")
            .split(separator: ",").map { $0.prefix { $0 != ";" }.filter { $0 != " " } }
        self =
            accepted.contains("text/csv") && !accepted.contains("application/json") ? .csv : .json
    }

    /// For the `Content-Type` field.
    var contentType: String {
        switch self {
        case .json: "application/json"
        case .csv: "text/csv; charset=utf-8; header=present"
        }
    }
}
