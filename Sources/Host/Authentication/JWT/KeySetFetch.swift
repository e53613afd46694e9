import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Gets a key set: one request, one answer, within limits. Redirects are refused: the configuration
/// says whose keys count, and no answer does.
struct KeySetFetch: Sendable {
    /// Authorities of the issuers' servers.
    let tls: NIOSSLContext

    /// Bytes that a set may have.
    static let sizeMax = 1 << 20
    /// For connecting, and for the whole.
    private static let connectTimeout = TimeAmount.seconds(5)
    private static let timeout = TimeAmount.seconds(10)

    /// - Parameter authorityFile: PEM; nil for those that the system trusts.
    init(authorityFile: String?) throws(TLSFileError) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let authorityFile {
            configuration.trustRoots = .certificates(
                try ServerIdentity.certificatesOfPEM(authorityFile, "jwks-ca-file"))
        }
        do { tls = try NIOSSLContext(configuration: configuration) } catch {
            throw TLSFileError(
                option: "jwks-ca-file", path: authorityFile ?? "the system's", reason: "\(error)")
        }
    }

    func get(_ address: KeySetAddress) async throws(KeySetError) -> [UInt8] {
        switch address {
        case .file(let path):
            do {
                return try await NIOThreadPool.singleton.runIfActive {
                    try FileContents.read(path, sizeMax: Self.sizeMax).bytes
                }
            } catch let error as FileError {
                throw KeySetError("cannot read \(path): \(error.message)")
            } catch { throw KeySetError("the server stops") }
        case .https(let host, let port, let target):
            do { return try await get(host, port, target) } catch let error as KeySetError {
                throw error
            } catch { throw KeySetError("\(host), port \(port): \(error)") }
        }
    }

    private func get(_ host: String, _ port: Int, _ target: String) async throws -> [UInt8] {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let answer = loop.makePromise(of: [UInt8].self)
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(Self.connectTimeout)
            .channelInitializer { [tls] channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    // An address is compared with those in the certificate, and not sent as a name.
                    let isAddress = (try? SocketAddress(ipAddress: host, port: port)) != nil
                    try pipeline.addHandler(
                        NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : host))
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(KeySetAnswer(answer))
                }
            }
        let channel: any Channel
        do { channel = try await bootstrap.connect(host: host, port: port).get() } catch {
            answer.fail(error)
            throw error
        }
        let timer = loop.scheduleTask(in: Self.timeout) {
            answer.fail(KeySetError("no whole answer in time"))
        }
        defer {
            timer.cancel()
            channel.close(promise: nil)
        }
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: target)
        head.headers = [
            "host": port == 443 ? host : "\(host):\(port)", "accept": "application/json",
            "user-agent": "kmsd/\(Version.current)", "connection": "close",
        ]
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        return try await answer.futureResult.get()
    }
}

/// Collects the answer. Belongs to its event loop.
private final class KeySetAnswer: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let promise: EventLoopPromise<[UInt8]>
    private var bytes: [UInt8] = []

    init(_ promise: EventLoopPromise<[UInt8]>) { self.promise = promise }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head) where head.status == .ok: break
        case .head(let head): promise.fail(KeySetError("the answer is \(head.status.code)"))
        case .body(let part):
            guard bytes.count + part.readableBytes <= KeySetFetch.sizeMax else {
                promise.fail(KeySetError("the answer is larger than \(KeySetFetch.sizeMax) bytes"))
                return context.close(promise: nil)
            }
            bytes += part.readableBytesView
        case .end: promise.succeed(bytes)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(KeySetError("the connection ended before the answer did"))
    }
}
