import Glibc
import PluginKit
import PostgresDriver

let pluginUnderTest: Plugin = postgresPlugin

/// The server that tests share, as its superuser.
struct Server {
    let url: String
    let user: String
    let password: String
    let port: UInt16

    init() throws {
        guard let variable = getenv("CLAVIGER_TEST_POSTGRES") else {
            throw TestFailure(
                status: -1,
                message: "CLAVIGER_TEST_POSTGRES names no server: run make test, or put "
                    + "Tests/Servers/run before the command")
        }
        url = String(cString: variable)
        // postgres://user:password@127.0.0.1:port/database
        let parts = url.split { ":/@".contains($0) }.map(String.init)
        guard parts.count == 6, let port = UInt16(parts[4]) else {
            throw TestFailure(status: -1, message: "CLAVIGER_TEST_POSTGRES is no URL")
        }
        (user, password, self.port) = (parts[1], parts[2], port)
    }
}

/// A schema of a test's own on the shared server, dropped with the test.
final class TestStore {
    let name: String
    let server: Server

    init() throws {
        server = try Server()
        name = "t_\(UInt64.random(in: 0 ... .max))"
        try RawDatabase(server.url).run("CREATE SCHEMA \(name)")
    }

    deinit { _ = try? RawDatabase(server.url).run("DROP SCHEMA \(name) CASCADE") }

    var url: String { url() }
    var port: UInt16 { server.port }

    func url(
        user: String? = nil, password: String? = nil, port: UInt16? = nil,
        database: String = "postgres", inSchema: Bool = true
    ) -> String {
        "postgres://\(user ?? server.user):\(password ?? server.password)@127.0.0.1:"
            + "\(port ?? server.port)/\(database)"
            + (inSchema ? "?options=-csearch_path%3D\(name)" : "")
    }

    /// To a proxy, which can read what passes or not.
    func url(port: UInt16, isReadable: Bool) -> String {
        url(port: port) + (isReadable ? "&sslmode=disable" : "&sslmode=require")
    }

    /// Below Tests/Golden.
    static let golden = "postgresql-1.sql"

    // Statements of the engine.

    /// What each transaction that writes holds until it ends.
    static let holdGate = "SELECT pg_advisory_xact_lock_shared(7040371, hashtext(current_schema()))"
    /// As if so many changes had been made.
    static let skipChanges = "ALTER TABLE changes ALTER COLUMN seq RESTART WITH 70000"
    /// Milliseconds since 1970.
    static let now = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS bigint)"

    func raw() throws -> RawDatabase { try RawDatabase(url) }

    /// Ends all sessions on this schema, as an administrator would.
    func killSessions() throws {
        try raw().run(
            """
            SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
            WHERE application_name LIKE 'claviger % ' || to_hex(hashtext('\(name)'))
            """)
    }

    func open(flags: Int = 0, concurrency: UInt32 = 4) throws -> TestDatabase {
        try TestDatabase(texts: ["database-url": url], flags: flags, concurrency: concurrency)
    }

    func ready(concurrency: UInt32 = 4) throws -> TestDatabase {
        let database = try open(concurrency: concurrency)
        try database.migrate()
        return database
    }
}
