extension JSONValue {
    /// The version of the documents that the tools print; `docs/json.md` says what may change within
    /// one, `docs/schema` describes each.
    package static let format: Int64 = 1

    /// The member that each document begins with.
    package static let formatMember = (key: "format", value: JSONValue.integer(format))

    /// This object as a document of its own, ready to be printed.
    package var document: String {
        guard case .object(let members) = self else { return indented + "\n" }
        return JSONValue.object([Self.formatMember] + members).indented + "\n"
    }

    /// This object with further members.
    package func with(_ more: [(key: String, value: JSONValue)]) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members + more)
    }

    /// This object with what else is to be said, if anything.
    package func with(notes: [String]) -> JSONValue {
        notes.isEmpty ? self : with([("notes", .array(notes.map { .string($0) }))])
    }
}
