package import JSON

extension Window {
    /// Both ends in UTC, the zone and the length.
    package var json: JSONValue {
        .object([
            ("since", .string(since.rfc3339)),
            ("until", .string(until.rfc3339)),
            ("timezone", .string(zone.name)),
            ("length_seconds", .seconds(microseconds: length)),
        ])
    }
}
