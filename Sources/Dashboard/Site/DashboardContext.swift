import Hummingbird
import NIOCore

/// What belongs to one request on its way to its answer.
struct DashboardContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The connection, to be closed where a client is not to be listened to any longer.
    let channel: any Channel
    /// Whom the request is from; nil for nobody in particular, where none is needed.
    var admission: Gate.Admission?
    /// Where the request comes from, and what its sender calls this server.
    var visitor = Visitor()

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// The other end of the connection; nil for a unix socket.
    var peer: SocketAddress? { channel.remoteAddress }
}
