import Logging
import PluginLoader

/// Brings a database from whatever state it is in to ready, or says why it will not.
///
/// Source: driver guide, "Schema".
struct DatabaseStartup {
    let database: Database
    let settings: Settings
    let logger: Logger

    /// How long to wait for another server that upgrades the same database.
    private static let upgradeTimeout = Duration.seconds(600)

    func run() async throws {
        try await migrate()
        if settings.cleanupOnStartup {
            let database = database
            try await CleanUp(
                driver: database.driver, isForced: settings.forceCleanup, backend: try await context(.none).backend,
                logger: logger,
                clear: { force throws(DriverError) in try await database.clear(force: force) },
                pause: { try await Task.sleep(for: $0) }
            ).run()
        }
        // Where the driver keeps leases, this server has one before it serves.
        do { try await database.health(deadline: .after(settings.requestTimeout)) } catch {
            throw StartupError.driver(path: database.driver, call: "health", error)
        }
    }

    /// Makes or upgrades the schema unless `no-migrate` is set, and waits for others who do.
    func migrate() async throws {
        let deadline = Deadline.after(Self.upgradeTimeout)
        var isFirst = true
        while true {
            let context = try await context(deadline)
            switch context.state {
            case .ahead: throw StartupError.ahead(context)
            case .foreign: throw StartupError.foreign(context)
            case .ready where settings.noMigrate: return
            case .empty, .behind, .upgrading:
                guard !settings.noMigrate else { throw StartupError.notReady(context) }
                if isFirst { announce(context) }
            case .ready: break
            }
            isFirst = false
            do {
                try await database.migrate(deadline: deadline)
                logger.info(
                    "the database is ready",
                    metadata: ["backend": "\(context.backend)", "schema": "\(context.supported)"])
                return
            } catch {
                // Another server is at it: wait for it.
                guard error.status == .upgrading, !deadline.hasPassed else {
                    throw StartupError.driver(path: database.driver, call: "migrate", error)
                }
                try await Task.sleep(for: .milliseconds(.random(in: 50...150)))
            }
        }
    }

    private func context(_ deadline: Deadline) async throws(StartupError) -> DatabaseContext {
        do { return try await database.context(deadline: deadline) } catch {
            throw StartupError.driver(path: database.driver, call: "context", error)
        }
    }

    private func announce(_ context: DatabaseContext) {
        guard context.state != .empty else { return }
        let what =
            context.state == .behind
            ? "upgrading the database: every call on it fails until that is done"
            : "the database is being upgraded, or its upgrade was interrupted: waiting, or finishing it"
        logger.notice(
            "\(what)",
            metadata: [
                "from": "\(context.schema)", "to": "\(context.supported)",
                "version": "\(context.version)",
            ])
    }
}
