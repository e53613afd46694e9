import Logging
import PluginLoader

extension Plugin {
    /// Starts the driver, runs `body`, and stops the driver again.
    func whileStarted<Result>(
        logger: Logger, _ body: () async throws -> Result
    ) async throws -> Result {
        try start(HostServices(logger: logger))
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
        } catch { throw StartupError.driver("open", error) }
        return try await database.whileOpen(body)
    }
}

extension Database {
    /// Runs `body`, and closes the database whatever happens.
    func whileOpen<Result>(_ body: (Database) async throws -> Result) async throws -> Result {
        let result: Result
        do { result = try await body(self) } catch {
            await close()
            throw error
        }
        await close()
        return result
    }
}
