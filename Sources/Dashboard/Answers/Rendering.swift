import HTTPTypes
import NIOCore

/// A page, a region of one or a document as it is sent.
struct Rendering: Sendable {
    /// What it is, such as `text/html; charset=utf-8`.
    let contentType: String
    let bytes: ByteBuffer
    /// What else is said of it.
    var headers: HTTPFields = [:]
    /// Whether something could not be read for it: the next one may say more, though nothing has
    /// changed.
    var isPassing = false

    init(_ text: String, contentType: String, headers: HTTPFields = [:]) {
        self.contentType = contentType
        bytes = ByteBuffer(string: text)
        self.headers = headers
    }
}
