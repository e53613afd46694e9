import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// One connection of HTTP/1.1: its pipeline, and its life as the server sees it.
struct ConnectionChannel: ServerChildChannel {
    struct Connection: ServerChildChannelValue {
        let channel: any Channel
    }

    let rules: ConnectionRules
    /// Nil for plain HTTP.
    let tls: TLSEndpoint?
    let limits: ConnectionLimits
    /// Told of each connection that is one too many.
    let refused: @Sendable () -> Void
    let respond: ExchangeHandler.Responder

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Connection> {
        let address = channel.remoteAddress?.ipAddress ?? "unknown"
        // Nothing is said to one too many: over TLS that would cost a handshake.
        guard limits.admit(address) else {
            refused()
            channel.close(promise: nil)
            return channel.eventLoop.makeSucceededFuture(Connection(channel: channel))
        }
        channel.closeFuture.whenComplete { _ in limits.end(address) }
        return channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            var session: TLSSession?
            if let tls {
                let (handler, begun) = tls.begin()
                try pipeline.addHandler(handler)
                session = begun
            }
            // ExchangeHandler takes pipelined requests one by one and answers what cannot be parsed.
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: false, withErrorHandling: false,
                withOutboundHeaderValidation: false)
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: tls != nil))
            try pipeline.addHandler(
                ExchangeHandler(rules: rules, tls: session, logger: logger, respond: respond))
            return Connection(channel: channel)
        }
    }

    /// Returns when the connection is closed; closes it when the server no longer waits.
    func handle(value: Connection, logger: Logger) async {
        await withTaskCancellationHandler {
            try? await value.channel.closeFuture.get()
        } onCancel: {
            value.channel.close(promise: nil)
        }
    }
}

/// What a connection may take.
struct ConnectionRules: Sendable {
    /// Bytes of a body.
    var bodySizeMax: Int
    /// From the head of a request to the end of its body, however steadily its bytes trickle.
    var requestTimeout: TimeAmount
    /// From an answer to the next request.
    var idleTimeout: TimeAmount
}
