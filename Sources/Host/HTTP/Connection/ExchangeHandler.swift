import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOSSL
import NIOTLS

/// Reads the requests of one connection and writes their answers, one exchange at a time.
///
/// A request is handled on the event loop that read it, until it has to wait. What waits (a driver
/// that is not quick) continues on Swift's own threads. So a request that needs no waiting costs no
/// switch to another thread and back, which is more than an Encrypt costs. A large body is handled
/// away from the loop: other connections would wait for it.
///
/// The loop works in stages: it reads what all its connections have sent, then handles all of it,
/// then writes all answers. Each stage's code stays in the processor's cache meanwhile: measured with
/// 16 connections, request by request costs half as much CPU again.
///
/// Belongs to its event loop.
final class ExchangeHandler: ChannelInboundHandler, ChannelOutboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart
    typealias Responder =
        @Sendable (Hummingbird.Request, KMSRequestContext) async throws -> Hummingbird.Response

    private enum Phase {
        case idle
        case reading(HTTPRequest)
        case answering
        /// No further request is read; the connection is being closed.
        case closing
    }

    /// Larger bodies take longer than other connections of the loop should wait.
    private static let bodySizeOnLoop = 64 * 1024

    private let rules: ConnectionRules
    /// Nil for plain HTTP.
    private let tls: TLSSession?
    private let logger: Logger
    private let respond: Responder
    private var context: ChannelHandlerContext?
    private var phase = Phase.idle
    /// What has come of the body; apart from the phase, so that it is never copied to grow.
    private var body = ByteBuffer()
    /// What arrived while an answer was in the making.
    private var waiting = CircularBuffer<HTTPRequestPart>()
    private var isDraining = false
    private var isReadHeld = false
    private var closesAfterAnswer = false
    private var deadline = NIODeadline.distantFuture
    private var timer: Scheduled<Void>?
    private var peer: Peer?

    init(
        rules: ConnectionRules, tls: TLSSession?, logger: Logger, respond: @escaping Responder
    ) {
        self.rules = rules
        self.tls = tls
        self.logger = logger
        self.respond = respond
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        waiting.append(unwrapInboundIn(data))
        drain()
    }

    /// Handles what arrived, up to a request whose answer takes time.
    private func drain() {
        guard !isDraining else { return }
        isDraining = true
        defer { isDraining = false }
        while case .some(let part) = waiting.first {
            if case .answering = phase { return }
            waiting.removeFirst()
            receive(part)
        }
    }

    private func receive(_ part: HTTPRequestPart) {
        switch (phase, part) {
        case (.idle, .head(let head)):
            deadline = .now() + rules.requestTimeout
            if let length = head.headerFields[.contentLength].flatMap(Int.init),
                length > rules.bodySizeMax
            {
                return refuse(.contentTooLarge, "the body is too large")
            }
            phase = .reading(head)
            if head.headerFields[.expect] != nil { write(.head(HTTPResponse(status: .continue))) }
        case (.reading(let head), .body(let bytes)):
            guard body.readableBytes + bytes.readableBytes <= rules.bodySizeMax else {
                return refuse(.contentTooLarge, "the body is too large")
            }
            append(bytes, of: head)
        case (.reading(let head), .end):
            phase = .answering
            let whole = body
            body = ByteBuffer()
            answer(head, whole)
        default: break  // the rest of a request that was refused
        }
    }

    private func append(_ bytes: ByteBuffer, of head: HTTPRequest) {
        guard body.readableBytes > 0 else {
            body = bytes
            return
        }
        let announced = head.headerFields[.contentLength].flatMap(Int.init) ?? 0
        if body.capacity < announced {
            // A buffer of the request's own: what it replaces is the socket's, and goes back to it.
            var whole = ByteBufferAllocator().buffer(capacity: announced)
            whole.writeImmutableBuffer(body)
            body.zeroizeInPlace()
            body = whole
        }
        body.writeImmutableBuffer(bytes)
        bytes.zeroizeInPlace()
    }

    /// Reads no more while requests wait, so that a client cannot make them pile up. One read ahead
    /// is let through: taking the socket out of the loop's interest costs more than it saves.
    func read(context: ChannelHandlerContext) {
        if waiting.isEmpty { context.read() } else { isReadHeld = true }
    }

    // MARK: Answering

    private func answer(_ head: HTTPRequest, _ body: ByteBuffer) {
        guard let channel = context?.channel else { return }
        if head.headerFields[.connection]?.lowercased() == "close" { closesAfterAnswer = true }
        let handler = NIOLoopBound(self, eventLoop: channel.eventLoop)
        let (respond, logger, peer) = (respond, logger, peer)
        let exchange: @Sendable () async -> Void = {
            let request = Hummingbird.Request(head: head, body: RequestBody(buffer: body))
            let context = KMSRequestContext(
                source: .init(channel: channel, logger: logger), peer: peer)
            var response: Hummingbird.Response
            do { response = try await respond(request, context) } catch {
                logger.error("a request failed unexpectedly", metadata: ["error": "\(error)"])
                response = Hummingbird.Response(status: .internalServerError)
            }
            // A request may hold a key in clear.
            body.zeroizeInPlace()
            response.headers[.date] = HTTPDate.current()
            await Self.write(response, to: request, handler, channel)
        }
        if body.readableBytes > Self.bodySizeOnLoop {
            Task { await exchange() }
        } else {
            channel.eventLoop.execute { Task.immediate { await exchange() } }  // the second stage
        }
    }

    private static func write(
        _ response: Hummingbird.Response, to request: Hummingbird.Request,
        _ handler: NIOLoopBound<ExchangeHandler>, _ channel: any Channel
    ) async {
        if response.body.contentLength == nil {
            // A body of many pages goes out page by page.
            channel.write(HTTPResponsePart.head(response.head), promise: nil)
            do { try await response.body.write(StreamedBody(channel: channel)) } catch {
                // Too late for another answer: a body that breaks off says that it is not whole.
                return channel.close(promise: nil)
            }
            onLoop(channel) { handler.value.finish(nil, ByteBuffer()) }
        } else {
            let body = CollectedBody()
            try? await response.body.write(body)
            let bytes = request.method == .head ? ByteBuffer() : body.bytes
            let head = response.head
            onLoop(channel) { handler.value.finish(head, bytes) }
        }
    }

    private static func onLoop(_ channel: any Channel, _ body: @escaping @Sendable () -> Void) {
        if channel.eventLoop.inEventLoop { body() } else { channel.eventLoop.execute(body) }
    }

    /// Ends the exchange. - Parameter head: Nil when it was written already, with its body.
    private func finish(_ head: HTTPResponse?, _ body: ByteBuffer) {
        guard case .answering = phase, let context else { return }
        if var head {
            if closesAfterAnswer { head.headerFields[.connection] = "close" }
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            if body.readableBytes > 0 { context.write(wrapOutboundOut(.body(body)), promise: nil) }
        }
        endAnswer(context)
    }

    private func endAnswer(_ context: ChannelHandlerContext) {
        guard !closesAfterAnswer else {
            phase = .closing
            context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in
                context.close(promise: nil)
            }
            return
        }
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
        let writer = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.execute { writer.value.flush() }  // the third stage
        phase = .idle
        deadline = .now() + rules.idleTimeout
        drain()
        if isReadHeld, waiting.isEmpty {
            isReadHeld = false
            context.read()
        }
    }

    private func write(_ part: HTTPResponsePart) {
        context?.writeAndFlush(wrapOutboundOut(part), promise: nil)
    }

    /// Answers what is not handled, and closes: where the next request begins is not known.
    private func refuse(_ status: HTTPResponse.Status, _ text: String) {
        phase = .answering
        closesAfterAnswer = true
        finish(Answer.text(text, status: status).head, ByteBuffer(string: text))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch phase {
        case .idle where error is HTTPParserError, .reading where error is HTTPParserError:
            refuse(.badRequest, "this is not HTTP/1.1")
        // What has begun is still answered.
        case .answering where error is HTTPParserError: closesAfterAnswer = true
        case .closing where error is HTTPParserError: break
        default: context.close(promise: nil)
        }
    }

    // MARK: Life

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        peer = Peer(context.channel, tls: tls)
        if context.channel.isActive { startTimer(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        startTimer(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        phase = .closing
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        self.context = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        // The server stops, or the client sends no more: what has begun is still answered.
        case is ChannelShouldQuiesceEvent, ChannelEvent.inputClosed:
            if case .answering = phase { closesAfterAnswer = true } else { context.close(promise: nil) }
        case TLSUserEvent.handshakeCompleted(_):
            let handler = try? context.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self)
            tls?.begin(with: handler?.peerCertificate)
            context.fireUserInboundEventTriggered(event)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    private func startTimer(_ context: ChannelHandlerContext) {
        guard timer == nil else { return }
        deadline = .now() + rules.idleTimeout
        schedule(context)
    }

    /// One timer for the whole connection: it looks at the deadline of the phase when it fires, so
    /// that a request costs none. It fires often enough for the shorter of the two timeouts.
    private func schedule(_ context: ChannelHandlerContext) {
        let next = min(deadline, .now() + rules.requestTimeout)
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: next) { [self] in
            switch phase {
            case .idle where deadline <= .now(), .reading where deadline <= .now():
                context.close(promise: nil)
            case .closing: break
            case .answering:
                // An operation has a deadline of its own.
                deadline = .now() + rules.idleTimeout
                schedule(context)
            default: schedule(context)
            }
        }
    }
}
