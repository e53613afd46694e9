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

    /// Open to everybody, but only who may come in is told of the parts.
    static let healthPath = "/health"

    /// 200 when the server can answer requests, 503 otherwise, with the part that cannot.
    func health(_: Hummingbird.Request, _ context: KMSRequestContext) async -> Hummingbird.Response {
        do {
            try await health.check(service.gate.store.database)
            return answer(isUp: true, context)
        } catch {
            service.logger.error(
                "the database is not well",
                metadata: ["status": "\(error.status)", "message": "\(error.message)"])
            return answer(isUp: false, context)
        }
    }

    private func answer(isUp: Bool, _ context: KMSRequestContext) -> Hummingbird.Response {
        let state = isUp ? "up" : "down"
        let text =
            context.principal == nil
            ? #"{"status":"\#(state)"}"# : #"{"process":"up","database":"\#(state)"}"#
        return Answer.json(Array(text.utf8), status: isUp ? .ok : .serviceUnavailable)
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
