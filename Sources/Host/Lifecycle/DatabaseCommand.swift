import Logging
import PluginLoader

/// What `kmsd db check`, `plan` and `migrate` do: the schema, without a server.
public enum DatabaseCommand {
    /// What `kmsd db check` tells.
    public struct Report: Sendable, CustomStringConvertible {
        let context: DatabaseContext

        public var description: String {
            """
            database: \(context.backend)
            state: \(context.state)\(context.format.isEmpty ? "" : " (\(context.format))")
            schema: \(context.schema.isEmpty ? "none" : context.schema), this server writes \
            \(context.supported)
            version: \(context.version.isEmpty ? "none" : context.version), this server is \
            \(Version.current)
            """
        }

        /// 0: ready. 3: `migrate` has work to do. 4: it is being upgraded, or the upgrade was
        /// interrupted. 5: too new for this server. 6: another system's.
        public var exitStatus: Int32 {
            switch context.state {
            case .ready: 0
            case .empty, .behind: 3
            case .upgrading: 4
            case .ahead: 5
            case .foreign: 6
            }
        }
    }

    /// Looks at the schema; changes nothing.
    public static func check(_ configuration: Configuration, _ plugin: Plugin) async throws
        -> Report
    {
        try await use(configuration, plugin, readOnly: true) { database, _ in
            Report(context: try await context(of: database))
        }
    }

    /// The statements that ``migrate(_:_:)`` would run now, in their order; changes nothing.
    public static func plan(
        _ configuration: Configuration, _ plugin: Plugin
    ) async throws -> [String] {
        try await use(configuration, plugin, readOnly: true) { database, _ in
            let context = try await context(of: database)
            switch context.state {
            case .ahead: throw StartupError.ahead(context)
            case .foreign: throw StartupError.foreign(context)
            case .empty, .ready, .behind, .upgrading: break
            }
            return try await plan(of: database)
        }
    }

    /// Makes or upgrades the schema as a server would when it starts, `no-migrate` or not.
    public static func migrate(
        _ configuration: Configuration, _ plugin: Plugin
    ) async throws -> Report {
        var settings = configuration.settings
        settings.noMigrate = false
        return try await use(configuration, plugin, readOnly: false) { database, logger in
            try await DatabaseStartup(database: database, settings: settings, logger: logger)
                .migrate()
            return Report(context: try await context(of: database))
        }
    }

    private static func use<Result>(
        _ configuration: Configuration, _ plugin: Plugin, readOnly: Bool,
        _ body: (Database, Logger) async throws -> Result
    ) async throws -> Result {
        LoggingSetup.bootstrap(configuration.settings)
        let logger = Logger(label: "kmsd")
        return try await plugin.whileStarted(logger: logger) {
            try await plugin.withDatabase(of: configuration, readOnly: readOnly) {
                try await body($0, logger)
            }
        }
    }

    private static func plan(of database: Database) async throws -> [String] {
        do { return try await database.plan() } catch { throw StartupError.driver(path: database.driver, call: "plan", error) }
    }

    private static func context(of database: Database) async throws -> DatabaseContext {
        do { return try await database.context() } catch {
            throw StartupError.driver(path: database.driver, call: "context", error)
        }
    }
}
