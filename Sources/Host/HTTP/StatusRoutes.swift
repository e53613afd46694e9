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
    private let health = DatabaseHealth()

    init(service: Service) { self.service = service }

    func version(_: Hummingbird.Request, _: KMSRequestContext) -> Hummingbird.Response {
        Answer.json(Cosmian422.jsonString("\(Version.current) (\(LibraryVersion.openSSL))"))
    }

    /// 200 when the server can answer requests, 503 with the part that cannot otherwise.
    func health(_: Hummingbird.Request, _: KMSRequestContext) async -> Hummingbird.Response {
        do {
            try await health.check(service.gate.store.database)
            return Answer.json(Array(#"{"process":"up","database":"up"}"#.utf8))
        } catch {
            service.logger.error(
                "the database is not well",
                metadata: ["status": "\(error.status)", "message": "\(error.message)"])
            return Answer.json(
                Array(#"{"process":"up","database":"down"}"#.utf8), status: .serviceUnavailable)
        }
    }
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
