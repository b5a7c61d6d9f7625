extension DecodingError {
    /// What is wrong with which member, such as `'number' has a value of the wrong type`.
    package var words: String {
        switch self {
        case .keyNotFound(let key, _): "'\(key.stringValue)' is missing"
        case .valueNotFound(_, let context): "\(Self.name(context)) is null"
        case .typeMismatch(_, let context): "\(Self.name(context)) has a value of the wrong type"
        case .dataCorrupted(let context): "\(Self.name(context)) has a value that cannot be read"
        @unknown default: "a value cannot be read"
        }
    }

    private static func name(_ context: Context) -> String {
        let key = context.codingPath.last { $0.intValue == nil }
        return key.map { "'\($0.stringValue)'" } ?? "it"
    }
}
