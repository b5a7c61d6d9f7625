import Hummingbird
import NIOCore

/// What belongs to one request on its way to its answer.
struct DashboardContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The connection, to be closed where a client is not to be listened to any longer.
    let channel: any Channel
    /// The name of the token that the request was let in with; nil where none is needed.
    var token: String?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// The other end of the connection; nil for a unix socket.
    var peer: SocketAddress? { channel.remoteAddress }
}
