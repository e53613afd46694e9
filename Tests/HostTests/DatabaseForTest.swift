import Glibc
import Synchronization

/// An empty database of a test's own, and the settings that lead a driver to it.
final class DatabaseForTest: Sendable {
    let settings: [String: String]
    private let folder: TemporaryFolder?
    /// Removes what is on a server.
    private let drop: (@Sendable () throws -> Void)?

    struct NoServer: Error, CustomStringConvertible {
        let variable: String
        var description: String {
            "\(variable) names no server: run make test, or put Tests/Servers/run before the command"
        }
    }

    init(_ driver: DriverUnderTest) throws {
        let name = "host_\(UInt64.random(in: 0 ... .max))"
        var folder: TemporaryFolder?
        switch driver {
        case .memory, .flaky:
            settings = [:]
            drop = nil
        case .sqlite:
            let own = try TemporaryFolder()
            folder = own
            settings = ["sqlite-path": own.path]
            drop = nil
        case .postgresql:
            let server = try Self.server("CLAVIGER_TEST_POSTGRES")
            try Self.runPostgreSQL("CREATE SCHEMA \(name)", on: server)
            drop = { try Self.runPostgreSQL("DROP SCHEMA \(name) CASCADE", on: server) }
            settings = ["database-url": "\(server)?options=-csearch_path%3D\(name)"]
        case .mysql:
            let server = try Self.server("CLAVIGER_TEST_MARIADB")
            try Self.runMariaDB("CREATE DATABASE \(name)", on: server)
            drop = { try Self.runMariaDB("DROP DATABASE \(name)", on: server) }
            let end = server.lastIndex(of: "/") ?? server.startIndex
            settings = ["database-url": "\(server[...end])\(name)"]
        case .redisFindex:
            let server = try Self.server("CLAVIGER_TEST_REDIS")
            // A database of its own by number; other suites take other numbers.
            let number = Self.redisDatabases.wrappingAdd(1, ordering: .relaxed).newValue
            try ChildProcess.run([
                "redis-cli", "--no-auth-warning", "-u", "\(server)/\(number)", "FLUSHDB",
            ])
            settings = [
                "database-url": "\(server)/\(number)", "redis-master-password": "correct horse",
                "redis-argon2-memory": "19456", "redis-argon2-passes": "2",
                "redis-argon2-lanes": "1",
            ]
            drop = nil
        }
        self.folder = folder
    }

    private static let redisDatabases = Atomic<Int>(0)

    deinit { try? drop?() }

    private static func server(_ variable: String) throws -> String {
        guard let text = getenv(variable) else { throw NoServer(variable: variable) }
        return String(cString: text)
    }

    private static func runPostgreSQL(_ sql: String, on server: String) throws {
        try ChildProcess.run([
            "env", "PGOPTIONS=-c client_min_messages=warning", "psql", "-X", "-q", "-c", sql,
            server,
        ])
    }

    /// - Parameter server: `mysql://user:password@host:port/database`, nothing in it escaped.
    private static func runMariaDB(_ sql: String, on server: String) throws {
        let parts = server.split { ":@/".contains($0) }
        guard parts.count == 6 else { throw NoServer(variable: "CLAVIGER_TEST_MARIADB") }
        try ChildProcess.run([
            "env", "MYSQL_PWD=\(parts[2])", "mariadb", "--no-defaults", "--protocol=tcp",
            "--host=\(parts[3])", "--port=\(parts[4])", "--user=\(parts[1])", "-e", sql,
        ])
    }
}
