import Logging
import PluginLoader

/// `cleanup-on-startup`: deletes everything, once no other server is there.
package struct CleanUp {
    private let driver: String
    private let isForced: Bool
    private let backend: String
    private let logger: Logger
    private let clear: (_ force: Bool) async throws(DriverError) -> Void
    private let pause: (Duration) async throws -> Void

    /// Added to what the driver says, as its clock is another.
    private static let margin = Duration.milliseconds(200)

    /// - Parameters:
    ///   - driver: The path of its library, for messages.
    ///   - backend: For the log: what is about to be emptied.
    ///   - clear: ``Database/clear(force:deadline:)`` of the database.
    ///   - pause: Waits that long.
    package init(
        driver: String, isForced: Bool, backend: String, logger: Logger,
        clear: @escaping (_ force: Bool) async throws(DriverError) -> Void,
        pause: @escaping (Duration) async throws -> Void
    ) {
        self.driver = driver
        self.isForced = isForced
        self.backend = backend
        self.logger = logger
        self.clear = clear
        self.pause = pause
    }

    package func run() async throws {
        logger.critical(
            "CLEAN-UP: deleting all objects, keys and permissions, because cleanup-on-startup is set",
            metadata: ["backend": "\(backend)", "force": "\(isForced)"])
        do throws(DriverError) { try await clear(isForced) } catch {
            try await clearLater(error)
        }
        logger.critical("CLEAN-UP: the database is empty")
    }

    /// A server that died still holds its lease. One that lives has renewed it by the time that the
    /// driver names, and then there is nothing more to wait for.
    private func clearLater(_ conflict: DriverError) async throws {
        guard conflict.status == .conflict else { throw StartupError.driver(path: driver, call: "clear", conflict) }
        guard let wait = conflict.retryAfter else { throw StartupError.inUse(conflict) }
        logger.warning(
            "CLEAN-UP: waiting, in case the other server is dead",
            metadata: ["seconds": "\(wait.components.seconds + 1)", "other": "\(conflict.message)"])
        try await pause(wait + Self.margin)
        do throws(DriverError) { try await clear(false) } catch {
            guard error.status == .conflict else { throw StartupError.driver(path: driver, call: "clear", error) }
            throw StartupError.inUse(error)
        }
    }
}
