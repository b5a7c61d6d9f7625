package import JSON

/// Why a text is no event, for whoever has to mend it.
package enum EventParseError: Error {
    /// Not one JSON object in its canonical form.
    case notCanonical
    /// A member of the record is missing, or is not what it should be.
    case member(RecordFlaw)
    /// The detail is not the one the record was written with, or has no proper salt.
    case detail

    /// Looks for what is wrong with a record that `ParsedEvent` cannot read, alone or with its detail.
    package init(of record: [UInt8]) {
        guard let members = CanonicalMembers(record) else {
            self = .notCanonical
            return
        }
        do throws(RecordFlaw) {
            _ = try Event(members)
            self = .detail
        } catch {
            self = .member(error)
        }
    }
}
