/// What was kept of a deployment's output until its release.
package struct LogRecord: Hashable, Sendable {
    /// The file's path.
    package let path: String
    /// How much it was then, in bytes.
    package let bytes: Int64
    /// SHA-256 of that, in hexadecimal; nil when there was no time to compute it.
    package let hash: String?

    /// Describes it.
    package init(path: String, bytes: Int64, hash: String?) {
        self.path = path
        self.bytes = bytes
        self.hash = hash
    }
}
