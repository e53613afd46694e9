import Glibc
import MySQLDriver
import PluginKit

let pluginUnderTest: Plugin = mysqlPlugin

/// The server that tests share, as a user who may do everything.
struct Server {
    let url: String
    let user: String
    let password: String
    let port: UInt16

    init() throws {
        guard let variable = getenv("CLAVIGER_TEST_MARIADB") else {
            throw TestFailure(
                status: -1,
                message: "CLAVIGER_TEST_MARIADB names no server: run make test, or put "
                    + "Tests/Servers/run before the command")
        }
        url = String(cString: variable)
        // mysql://user:password@127.0.0.1:port/database
        let parts = url.split { ":/@".contains($0) }.map(String.init)
        guard parts.count == 6, let port = UInt16(parts[4]) else {
            throw TestFailure(status: -1, message: "CLAVIGER_TEST_MARIADB is no URL")
        }
        (user, password, self.port) = (parts[1], parts[2], port)
    }

    /// A file that Tests/Servers/mariadb has made beside its certificates.
    static func certificate(_ name: String) throws -> String {
        guard let folder = getenv("CLAVIGER_TEST_MARIADB_TLS") else {
            throw TestFailure(status: -1, message: "CLAVIGER_TEST_MARIADB_TLS names no folder")
        }
        return String(cString: folder) + "/" + name
    }
}

/// A database of a test's own on the shared server, dropped with the test.
final class TestStore {
    let name: String
    let server: Server

    init() throws {
        server = try Server()
        name = "t_\(UInt64.random(in: 0 ... .max))"
        try RawDatabase(server.url).run("CREATE DATABASE \(name)")
    }

    deinit { _ = try? RawDatabase(server.url).run("DROP DATABASE \(name)") }

    var url: String { url() }
    var port: UInt16 { server.port }

    func url(
        user: String? = nil, password: String? = nil, port: UInt16? = nil, database: String? = nil
    ) -> String {
        "mysql://\(user ?? server.user):\(password ?? server.password)@127.0.0.1:"
            + "\(port ?? server.port)/\(database ?? name)"
    }

    func raw() throws -> RawDatabase { try RawDatabase(url) }

    /// Ends all sessions on this database, as an administrator would, and waits until they are gone.
    func killSessions() throws {
        let administrator = try RawDatabase(server.url)
        let list = "SELECT id FROM information_schema.processlist WHERE db = '\(name)'"
        let limit = monotonic() + 10_000_000_000
        while monotonic() < limit {
            let sessions = try administrator.run(list)
            if sessions.isEmpty { return }
            for row in sessions { _ = try? administrator.run("KILL \(row[0])") }
        }
        throw TestFailure(status: -1, message: "sessions outlive KILL")
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
