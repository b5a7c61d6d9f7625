internal import JSONLine

/// Why a text is no event, for whoever has to mend it.
public enum EventFlaw: Error {
    /// Not one JSON object in its canonical form.
    case notCanonical
    /// A member of the record is missing, or is not what it should be.
    case member(DecodingError)
    /// The detail is not the one the record was written with, or has no proper salt.
    case detail

    /// Looks for what is wrong with a text that `EventText` cannot read.
    public init(of text: String) {
        let record = text.split(separator: "\n").first.map(String.init) ?? ""
        guard CanonicalJSON.members(of: Array(record.utf8)) != nil else {
            self = .notCanonical
            return
        }
        do {
            _ = try JSON.decode(Event.self, from: record)
            self = .detail
        } catch let error as DecodingError {
            self = .member(error)
        } catch {
            self = .notCanonical
        }
    }
}
