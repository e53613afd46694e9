import Cryptography
import Hummingbird
import KMIP
import Logging
import NIOCore
import PluginLoader
import Synchronization

/// `GET /version` and `GET /health`.
struct StatusRoutes: Sendable {
    let service: Service
    let sources: HealthSources
    private let health = DatabaseHealth()

    init(service: Service, sources: HealthSources) {
        self.service = service
        self.sources = sources
    }

    /// What the server counted, for those who may see it. Source: Prometheus text format 0.0.4.
    func metrics(_: Hummingbird.Request, _ context: KMSRequestContext) async throws
        -> Hummingbird.Response
    {
        guard let metrics = service.metrics else { throw HTTPError(.notFound) }
        guard try context.user().roles.contains(.monitor) else {
            return Answer.text("the metrics are for monitors and auditors", status: .forbidden)
        }
        let isUp: Bool
        do throws(DriverError) {
            try await health.check(service.gate.store.database)
            isUp = true
        } catch { isUp = false }
        let text = metrics.text(
            at: .init(
                isDatabaseUp: isUp, isAuditUp: service.audit?.isWell,
                connections: sources.connections.count,
                cachedObjects: service.gate.store.cache.count,
                certificateEnd: sources.tls?.expiresAt))
        return Hummingbird.Response(
            status: .ok,
            headers: [
                .contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store",
            ], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    func version(_: Hummingbird.Request, _: KMSRequestContext) -> Hummingbird.Response {
        Answer.json(Cosmian422.jsonString("\(Version.current) (\(LibraryVersion.openSSL))"))
    }

    /// Open to everybody, but only who may come in is told of the parts.
    static let healthPath = "/health"

    /// 200 when the server can answer requests, 503 otherwise, with the part that cannot.
    func health(_: Hummingbird.Request, _ context: KMSRequestContext) async -> Hummingbird.Response {
        do {
            try await health.check(service.gate.store.database)
            return answer(isUp: service.audit?.isWell ?? true, context)
        } catch {
            service.logger.error(
                "the database is not well",
                metadata: ["status": "\(error.status)", "message": "\(error.message)"])
            return answer(isUp: false, isDatabaseUp: false, context)
        }
    }

    private func answer(
        isUp: Bool, isDatabaseUp: Bool = true, _ context: KMSRequestContext
    ) -> Hummingbird.Response {
        func state(_ isUp: Bool) -> String { isUp ? "up" : "down" }
        var text = #"{"status":"\#(state(isUp))"}"#
        if context.principal?.roles.contains(.monitor) == true {
            let audit = service.audit.map { #","audit":"\#(state($0.isWell))""# } ?? ""
            text = #"{"process":"up","database":"\#(state(isDatabaseUp))"\#(audit)}"#
        }
        return Answer.json(Array(text.utf8), status: isUp ? .ok : .serviceUnavailable)
    }
}

/// What is beside the database looked at, when somebody asks how the server is.
package struct HealthSources: Sendable {
    let tls: TLSEndpoint?
    let connections: ConnectionLimits
}

/// Whether the database is well, told quickly even when it does not answer.
private final class DatabaseHealth: Sendable {
    /// What asks for health (a load balancer) waits for less than 100 ms.
    private static let timeout = Duration.milliseconds(80)
    /// A database that is slow but answered within this time is well: taking a loaded server out of
    /// service would load the others.
    private static let trust = Duration.seconds(5)

    private let lastWell = Atomic<UInt64>(0)

    /// - Throws: What the driver says, or that it does not answer.
    func check(_ database: Database) async throws(DriverError) {
        do {
            try await database.health(deadline: .after(Self.timeout))
            lastWell.store(Deadline.after(Self.trust).nanoseconds, ordering: .relaxed)
        } catch {
            let trusted = Deadline(nanoseconds: max(1, lastWell.load(ordering: .relaxed)))
            guard error.status == .deadline, !trusted.hasPassed else { throw error }
        }
    }
}
