import Logging
public import PluginLoader
import Secrets

/// What `kmsd db import` does.
public enum ImportCommand {
    /// Copies the source into the configured database, which is made ready first.
    ///
    /// - Parameters:
    ///   - plugin: The driver of the configured database.
    ///   - reader: The driver that reads the source; may be the same.
    ///   - isDryRun: Reports what would be copied, and writes nothing.
    public static func run(
        _ source: ImportSource, _ configuration: Configuration, _ plugin: Plugin,
        reader: Plugin, isDryRun: Bool
    ) async throws -> ImportReport {
        let settings = configuration.settings
        LoggingSetup.bootstrap(settings)
        let logger = Logger(label: "kmsd")
        if settings.requireMlock { SecureMemory.requireLocked() }
        return try await plugin.whileStarted(logger: logger) {
            try await plugin.withDatabase(of: configuration, readOnly: isDryRun) { target in
                let isReady = try await prepare(target, settings, isDryRun: isDryRun, logger)
                return try await reader.whileStarted(unlessSameAs: plugin, logger: logger) {
                    try await open(source, with: reader, settings).whileOpen { database in
                        try await copy(
                            database, to: target, isReady: isReady, isDryRun: isDryRun, logger)
                    }
                }
            }
        }
    }

    /// Makes the target ready; a dry run only looks whether it is.
    private static func prepare(
        _ target: Database, _ settings: Settings, isDryRun: Bool, _ logger: Logger
    ) async throws -> Bool {
        if !isDryRun {
            try await DatabaseStartup(database: target, settings: settings, logger: logger)
                .migrate()
            return true
        }
        let context = try await context(of: target)
        switch context.state {
        case .ready: return true
        case .empty: return false
        case .ahead: throw StartupError.ahead(context)
        case .foreign: throw StartupError.foreign(context)
        case .behind, .upgrading: throw StartupError.notReady(context)
        }
    }

    private static func open(
        _ source: ImportSource, with reader: Plugin, _ settings: Settings
    ) async throws -> Database {
        let driverSettings = try source.settings(reader.info.options)
        do {
            return try await reader.openForeignDatabase(
                settings: driverSettings, deadline: .after(settings.requestTimeout))
        } catch { throw StartupError.driver(path: reader.path, call: "open of the source", error) }
    }

    private static func copy(
        _ source: Database, to target: Database, isReady: Bool, isDryRun: Bool, _ logger: Logger
    ) async throws -> ImportReport {
        let from = try await context(of: source)
        guard from.state == .foreign, from.format == "cosmian-kms-4" else {
            throw ImportSource.Refused(
                description: "the source is no database of a Cosmian KMS 4.12 to 4.22"
                    + (from.format.isEmpty ? "" : ": it is of \(from.format)")
                    + (from.state == .foreign ? "" : " (\(from.state))"))
        }
        var run = DatabaseImport(
            source: source, target: isReady ? target : nil, isDryRun: isDryRun, from: from,
            to: try await context(of: target), logger: logger)
        do { try await run.run() } catch let error as DriverError {
            throw ImportSource.Refused(
                description: "the import stopped and can be run again: \(error)\n\(run.report)")
        }
        return run.report
    }

    private static func context(of database: Database) async throws -> DatabaseContext {
        do { return try await database.context() } catch {
            throw StartupError.driver(path: database.driver, call: "context", error)
        }
    }
}

extension Plugin {
    /// Starts the driver for `body`, unless it is one that runs already.
    fileprivate func whileStarted<Result>(
        unlessSameAs other: Plugin, logger: Logger, _ body: () async throws -> Result
    ) async throws -> Result {
        if self === other { return try await body() }
        return try await whileStarted(logger: logger, body)
    }
}
