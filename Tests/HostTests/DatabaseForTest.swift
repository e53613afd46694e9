import Glibc
import Synchronization

/// An empty database of a test's own, and the settings that lead a driver to it.
final class DatabaseForTest: Sendable {
    let settings: [String: String]
    private let folder: TemporaryFolder?
    private let schema: (server: String, name: String)?

    struct NoServer: Error, CustomStringConvertible {
        let variable: String
        var description: String {
            "\(variable) names no server: run make test, or put Tests/Servers/run before the command"
        }
    }

    init(_ driver: DriverUnderTest) throws {
        switch driver {
        case .memory, .flaky:
            folder = nil
            schema = nil
            settings = [:]
        case .sqlite:
            let folder = try TemporaryFolder()
            self.folder = folder
            schema = nil
            settings = ["sqlite-path": folder.path]
        case .postgresql:
            guard let variable = getenv("CLAVIGER_TEST_POSTGRES") else {
                throw NoServer(variable: "CLAVIGER_TEST_POSTGRES")
            }
            let server = String(cString: variable)
            let name = "host_\(UInt64.random(in: 0 ... .max))"
            try Self.run("CREATE SCHEMA \(name)", on: server)
            folder = nil
            schema = (server, name)
            settings = ["database-url": "\(server)?options=-csearch_path%3D\(name)"]
        case .redisFindex:
            guard let variable = getenv("CLAVIGER_TEST_REDIS") else {
                throw NoServer(variable: "CLAVIGER_TEST_REDIS")
            }
            let server = String(cString: variable)
            // A database of its own by number; other suites take other numbers.
            let number = Self.redisDatabases.wrappingAdd(1, ordering: .relaxed).newValue
            try ChildProcess.run([
                "redis-cli", "--no-auth-warning", "-u", "\(server)/\(number)", "FLUSHDB",
            ])
            folder = nil
            schema = nil
            settings = [
                "database-url": "\(server)/\(number)", "redis-master-password": "correct horse",
                "redis-argon2-memory": "19456", "redis-argon2-passes": "2",
                "redis-argon2-lanes": "1",
            ]
        }
    }

    private static let redisDatabases = Atomic<Int>(0)

    deinit {
        if let schema { try? Self.run("DROP SCHEMA \(schema.name) CASCADE", on: schema.server) }
    }

    private static func run(_ sql: String, on server: String) throws {
        try ChildProcess.run([
            "env", "PGOPTIONS=-c client_min_messages=warning", "psql", "-X", "-q", "-c", sql,
            server,
        ])
    }
}
