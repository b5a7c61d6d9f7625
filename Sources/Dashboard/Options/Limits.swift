/// How long anything may take.
package struct Limits: Hashable, Sendable {
    /// Until a request has begun and its head is whole, in microseconds.
    package var headUs: Int64 = 30_000_000
    /// For the body of a request.
    package var bodyUs: Int64 = 10_000_000
    /// For a client to take something of what it was sent; streams have a limit of their own.
    package var writeUs: Int64 = 30_000_000
    /// For a client to take something of a stream.
    package var streamWriteUs: Int64 = 10_000_000
    /// For a client to acknowledge something of a stream: one that vanished does not.
    package var streamGoneUs: Int64 = 30_000_000
    /// After how long the client of a stream is told that it is still connected.
    ///
    /// Proxies give up after a minute without a byte, and scripts see no comments.
    package var tickUs: Int64 = 15_000_000
    /// For the answer to a named query.
    package var queryUs: Int64 = 2_000_000
    /// For a client to take notice of the end of a connection.
    package var lingerUs: Int64 = 2_000_000
    /// How long a login lasts.
    package var sessionUs: Int64 = 12 * 3_600_000_000
    /// How long a login link works.
    package var linkUs: Int64 = 600_000_000

    /// The usual ones.
    package init() {}
}
