import Glibc
import Logging
import PluginLoader

/// Brings a database from whatever state it is in to ready, or says why it will not.
///
/// Source: driver guide, "Schema".
struct DatabaseStartup {
    let database: Database
    /// The path of the driver, for messages.
    let driver: String
    let mayMigrate: Bool
    let clears: Bool
    let logger: Logger

    /// How long to wait for another server that upgrades the same database.
    private static let upgradeTimeout = Duration.seconds(600)

    func run() async throws {
        try await migrate()
        guard clears else { return }
        logger.warning("deleting all objects: cleanup-on-startup is set")
        do { try await database.clear(force: false, deadline: .none) } catch {
            guard error.status == .conflict else { throw failure("clear", error) }
            throw StartupError.inUse
        }
    }

    private func failure(_ call: String, _ error: DriverError) -> StartupError {
        .driver(path: driver, call: call, error)
    }

    private func migrate() async throws {
        let deadline = Deadline.after(Self.upgradeTimeout)
        while true {
            let context: DatabaseContext
            do { context = try await database.context(deadline: deadline) } catch {
                throw failure("context", error)
            }
            switch context.state {
            case .ahead: throw StartupError.ahead(context)
            case .foreign: throw StartupError.foreign(context)
            case .ready where !mayMigrate: return
            case .empty, .behind, .upgrading:
                guard mayMigrate else { throw StartupError.notReady(context) }
            case .ready: break
            }
            do {
                try await database.migrate(deadline: deadline)
                logger.info(
                    "the database is ready",
                    metadata: [
                        "backend": "\(context.backend)", "schema": "\(context.supported)",
                        "version": "\(context.version)",
                    ])
                return
            } catch {
                // Another server is at it: wait for it.
                guard error.status == .upgrading, !deadline.hasPassed else {
                    throw failure("migrate", error)
                }
                try await Task.sleep(for: .milliseconds(.random(in: 50...150)))
            }
        }
    }
}

/// Why the server does not start, for its operator.
enum StartupError: Error, CustomStringConvertible {
    case driver(path: String, call: String, DriverError)
    case ahead(DatabaseContext)
    case foreign(DatabaseContext)
    case notReady(DatabaseContext)
    case inUse
    /// The address, and why the system does not let the server have it.
    case listen(hostname: String, port: Int, errno: Int32)

    var description: String {
        switch self {
        case .driver(let path, let call, let error):
            "driver \(path) failed in \(call): \(error)"
        case .ahead(let context):
            "the database was upgraded by a newer server (\(context.version)): its schema is "
                + "\(context.schema), this server knows \(context.supported); run that version or a newer one"
        case .foreign(let context):
            "the database holds the data of another system"
                + (context.format.isEmpty ? "" : " (\(context.format))")
                + "; nothing was changed; choose an empty database"
        case .notReady(let context):
            "the schema of the database is not ready (\(context.state)) and no-migrate is set; start "
                + "once without it"
        case .inUse:
            "cleanup-on-startup: another server has this database open; stop it first"
        case .listen(let hostname, let port, let errno):
            "cannot listen on \(hostname), port \(port): \(String(cString: strerror(errno)))"
        }
    }
}
