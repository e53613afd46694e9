import Cryptography
import Hummingbird
import KMIP
import Logging
import NIOCore
import PluginLoader

/// `GET /version` and `GET /health`.
struct StatusRoutes: Sendable {
    let service: Service

    /// How long the database may take to say that it is well.
    private static let healthTimeout = Duration.seconds(2)

    func version(_: Hummingbird.Request, _: KMSRequestContext) -> Hummingbird.Response {
        Answer.json(Cosmian422.jsonString("\(Version.current) (\(LibraryVersion.openSSL))"))
    }

    /// 200 when the server can answer requests, 503 with the part that cannot otherwise.
    func health(
        _: Hummingbird.Request, _: KMSRequestContext
    ) async -> Hummingbird.Response {
        do {
            try await service.gate.store.database.health(deadline: .after(Self.healthTimeout))
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
