import Logging
import PluginLoader
import ServiceLifecycle

/// Asks the database every few seconds how it is.
///
/// Drivers count on it: those that keep a lease for this server renew it then. The operator hears of
/// it when the database goes away and when it is back, once each.
struct Heartbeat: ServiceLifecycle.Service {
    let database: Database
    let logger: Logger

    private static let interval = Duration.seconds(5)
    private static let patience = Duration.seconds(5)

    func run() async throws {
        var isWell = true
        while !Task.isShuttingDownGracefully {
            do {
                try await database.health(deadline: .after(Self.patience))
                if !isWell { logger.notice("the database is back") }
                isWell = true
            } catch {
                if error.status == .cancelled { return }
                if isWell {
                    logger.error(
                        "the database is not well",
                        metadata: ["status": "\(error.status)", "message": "\(error.message)"])
                }
                isWell = false
            }
            // The sleep ends with the server, and only then by throwing.
            do {
                try await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.interval) }
            } catch { return }
        }
    }
}
