import Glibc
import PluginKit
import PostgresDriver

let pluginUnderTest: Plugin = postgresPlugin

/// The server that tests share, as its superuser.
enum Server {
    static var url: String {
        get throws {
            guard let url = getenv("CLAVIGER_TEST_POSTGRES") else {
                throw TestFailure(
                    status: -1,
                    message: "CLAVIGER_TEST_POSTGRES names no server: run make test, or "
                        + "Tests/Servers/run swift test -c release --skip-build ...")
            }
            return String(cString: url)
        }
    }
}

/// A schema of a test's own on the shared server, dropped with the test.
final class TestStore {
    let name: String
    let url: String

    init() throws {
        name = "t_" + (0..<12).map { _ in String("abcdefghijklmnopqrstuvwxyz".randomElement() ?? "x") }
            .joined()
        url = try Server.url + "?options=-csearch_path%3D\(name)"
        try RawDatabase(Server.url).run("CREATE SCHEMA \(name)")
    }

    deinit { _ = try? RawDatabase(Server.url).run("DROP SCHEMA \(name) CASCADE") }

    func raw() throws -> RawDatabase { try RawDatabase(url) }

    func open(flags: Int = 0, concurrency: UInt32 = 4) throws -> TestDatabase {
        try TestDatabase(texts: ["database-url": url], flags: flags, concurrency: concurrency)
    }

    func ready(concurrency: UInt32 = 4) throws -> TestDatabase {
        let database = try open(concurrency: concurrency)
        try database.migrate()
        return database
    }
}
