import FoundationEssentials

/// Reading the JSON the ledger holds.
package enum JSONText {
    /// The texts in a JSON array of texts; nil when it is anything else.
    static func strings(in text: String) -> [String]? { decode([String].self, text) }

    /// The whole numbers in a JSON object of whole numbers; empty when it is anything else.
    package static func counts(in text: String) -> [String: Int64] {
        decode([String: Int64].self, text) ?? [:]
    }

    /// Whether a text is JSON.
    static func isValid(_ text: String) -> Bool { decode(Anything.self, text) != nil }

    /// Decoding it takes whatever is there.
    private struct Anything: Decodable {
        init(from decoder: any Decoder) throws {}
    }

    package static func decode<Result: Decodable>(_ type: Result.Type, _ text: String) -> Result? {
        try? JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
