import Logging
import PluginLoader

extension Plugin {
    /// Starts the driver, runs `body`, and stops the driver again.
    func whileStarted<Result>(
        logger: Logger, _ body: () async throws -> Result
    ) async throws -> Result {
        do throws(DriverError) { try start(HostServices(logger: logger)) } catch {
            throw StartupError.driver(path: path, call: "init", error)
        }
        defer { stop() }
        return try await body()
    }

    /// Opens the configured database, runs `body` on it, and closes it whatever happens.
    func withDatabase<Result>(
        of configuration: Configuration, readOnly: Bool,
        _ body: (Database) async throws -> Result
    ) async throws -> Result {
        let settings = configuration.settings
        let database: Database
        do {
            database = try await openDatabase(
                settings: configuration.driverSettings, concurrency: settings.databaseConnections,
                readOnly: readOnly, deadline: .after(settings.requestTimeout))
        } catch { throw StartupError.driver(path: path, call: "open", error) }
        return try await database.whileOpen(
            closingWithin: settings.closeTimeout, body)
    }
}

extension Settings {
    /// A driver gets the time that open requests had, once more, to end its calls and close; also
    /// where they had none.
    var closeTimeout: Duration { max(shutdownTimeout, Database.shortestCloseTimeout) }
}

extension Database {
    static let shortestCloseTimeout = Duration.seconds(2)

    /// Runs `body`, and closes the database whatever happens.
    ///
    /// - Throws: What `body` throws, or ``StoppedWithoutClosing``: a driver that hangs does not keep
    ///   the process, and what was acknowledged is stored either way.
    func whileOpen<Result>(
        closingWithin limit: Duration = shortestCloseTimeout,
        _ body: (Database) async throws -> Result
    ) async throws -> Result {
        let result: Result
        do { result = try await body(self) } catch {
            _ = await close(within: limit)
            throw error
        }
        guard await close(within: limit) else { throw StoppedWithoutClosing(driver: driver) }
        return result
    }
}
