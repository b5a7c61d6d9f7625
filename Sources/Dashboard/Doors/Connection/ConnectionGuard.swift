import HTTPTypes
import NIOCore
import NIOHTTP1

/// Watches over one connection between its parser and everything else: a client that is slow,
/// endless or does not read is cut off, and an answer that nothing else made has the fields of all.
///
/// The server's own timeout ends neither a body that trickles nor an answer that nobody reads, and
/// what is left of a body is read however long it is.
final class ConnectionGuard: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let limits: Limits
    /// Of each request that is not answered yet, in order, whether the connection ends with it.
    private var unanswered: [Bool] = []
    /// Whether the end of the newest of them has not come yet.
    private var isReading = false
    /// Whether the client sends nothing more.
    private var isInputClosed = false
    /// Whether nothing that comes is looked at any longer.
    private var isDeaf = false
    private var parserError: HTTPParserError?
    private var bodyDeadline: Scheduled<Void>?
    private var writeDeadline: Scheduled<Void>?
    private var end: Scheduled<Void>?

    init(_ limits: Limits) {
        self.limits = limits
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isDeaf { return }
        switch unwrapInboundIn(data) {
        case .head(var head):
            isReading = true
            bodyDeadline = close(context, after: limits.bodyUs)
            prepare(&head)
            unanswered.append(!head.isKeepAlive)
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .body: context.fireChannelRead(data)
        case .end:
            isReading = false
            bodyDeadline?.cancel()
            context.fireChannelRead(data)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        parserError = parserError ?? error as? HTTPParserError
        context.fireErrorCaught(error)
    }

    /// Brings a head into the form that the rest knows.
    private func prepare(_ head: inout HTTPRequestHead) {
        // The authority of an absolute address counts instead of the Host field, RFC 9112 3.2.2.
        if let (authority, path) = Self.absolute(head.uri) {
            head.uri = path
            if head.headers["Host"].count == 1 {
                head.headers.replaceOrAdd(name: "Host", value: authority)
            }
        }
        // What else ends it, such as HTTP/1.0, is all the same to the rest.
        if !head.isKeepAlive {
            head.headers.replaceOrAdd(name: "Connection", value: "close")
        }
    }

    /// Authority and path of `http://authority/path`; nil for a path.
    private static func absolute(_ uri: String) -> (authority: String, path: String)? {
        guard uri.first != "/", let scheme = uri.firstRange(of: "://") else { return nil }
        let rest = uri[scheme.upperBound...]
        let end = rest.firstIndex { "/?".contains($0) } ?? rest.endIndex
        let path = rest[end...]
        return (String(rest[..<end]), path.first == "/" ? String(path) : "/" + path)
    }

    func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        switch unwrapOutboundIn(data) {
        case .head(var head):
            if head.status.code >= 200 { complete(&head) }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            let isLast = unanswered.first ?? true
            if !unanswered.isEmpty { unanswered.removeFirst() }
            guard isLast else { return context.write(data, promise: promise) }
            let written = promise ?? context.eventLoop.makePromise()
            context.writeAndFlush(data, promise: written)
            finish(context, after: written.futureResult)
        }
    }

    private func complete(_ head: inout HTTPResponseHead) {
        // Without a request it answers what the parser did not understand.
        if unanswered.isEmpty { unanswered = [true] }
        let isNewest = unanswered.count == 1
        if isNewest && (isReading || parserError != nil)
            || head.headers["Connection"].contains("close")
        {
            unanswered[0] = true
        }
        if unanswered[0] { head.headers.replaceOrAdd(name: "Connection", value: "close") }
        if let parserError, isNewest, head.status == .badRequest {
            head.status = Self.status(of: parserError)
        }
        for (name, value) in SecurityHeaders.all
        where !head.headers.contains(name: name.rawName) {
            head.headers.add(name: name.rawName, value: value)
        }
    }

    private static func status(of error: HTTPParserError) -> HTTPResponseStatus {
        switch error {
        case .headerOverflow: .requestHeaderFieldsTooLarge
        default: .badRequest
        }
    }

    /// Ends the connection in such a way that the answer arrives: what still comes is read and
    /// forgotten for a moment, because the system would drop the answer with it.
    private func finish(_ context: ChannelHandlerContext, after written: EventLoopFuture<Void>) {
        isDeaf = true
        bodyDeadline?.cancel()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        written.whenComplete { _ in
            let (this, context) = bound.value
            if this.isInputClosed { return context.close(promise: nil) }
            context.close(mode: .output, promise: nil)
            this.end = this.close(context, after: this.limits.lingerUs)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        writeDeadline?.cancel()
        if !context.channel.isWritable {
            writeDeadline = close(context, after: limits.writeUs)
        }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent {
            isInputClosed = true
            if isDeaf { context.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        for deadline in [bodyDeadline, writeDeadline, end] { deadline?.cancel() }
    }

    private func close(_ context: ChannelHandlerContext, after us: Int64) -> Scheduled<Void> {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        return context.eventLoop.scheduleTask(in: .microseconds(us)) {
            bound.value.close(promise: nil)
        }
    }
}
