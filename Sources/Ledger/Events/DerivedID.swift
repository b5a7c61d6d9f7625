extension EventID {
    /// An id that follows from what it stands for: the same name, time and place give the same id,
    /// so that whatever is recorded under it is recorded once.
    ///
    /// It is laid out as any other and marked as version 8, RFC 9562 section 5.8.
    ///
    /// - Parameters:
    ///   - name: what it stands for.
    ///   - place: sorts ids of the same name and time.
    ///   - atUs: when it belongs, UTC in µs since 1970; without it the name decides about the order,
    ///     too.
    package static func derived(from name: String, place: UInt8, atUs: Int64? = nil) -> EventID {
        let digest = Chain.digest(name)
        func word(_ bytes: some Sequence<UInt8>) -> UInt64 {
            bytes.reduce(0) { $0 << 8 | UInt64($1) }
        }
        let time =
            atUs.map { Self.time(ofMicroseconds: UInt64(max(0, $0))) } ?? word(digest.prefix(8))
        let rest = word(digest.dropFirst(8).prefix(8)) & ~(0xff << 56) | UInt64(place) << 56
        return EventID(version: 8, time: time & 0xfff_ffff_ffff_ffff, random: rest)
    }
}
