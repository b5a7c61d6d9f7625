package import JSON

extension Notification {
    /// The same as the data of a CloudEvent, for receivers that take these.
    ///
    /// Source: <https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md>
    ///
    /// - Parameters:
    ///   - id: no other event of the source has it.
    ///   - path: of what it is about on the host.
    ///   - subject: which one of these.
    package func cloudEvent(id: String, path: String, subject: String?) -> JSONValue {
        .object(
            [
                ("specversion", .string("1.0")), ("id", .string(id)),
                ("source", .string("//" + Self.escaped(host) + Self.escaped(path))),
                ("type", .string("deploy-ledger.\(kind.rawValue).\(status)")),
                ("time", .string(at)), ("datacontenttype", .string("application/json")),
            ] + (subject.map { [("subject", .string($0))] } ?? []) + [("data", json)])
    }

    /// As a part of a URI, RFC 3986, section 2.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            let sign = Unicode.Scalar(byte)
            switch sign {
            case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_", "~", "/":
                result.unicodeScalars.append(sign)
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return result
    }
}
