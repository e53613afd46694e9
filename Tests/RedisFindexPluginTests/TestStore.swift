import Glibc
import PluginABI
import PluginKit
import RedisFindexDriver
import Synchronization

let pluginUnderTest: Plugin = redisFindexPlugin

/// The server that tests share.
struct Server {
    let password: String
    let port: UInt16

    init() throws {
        guard let variable = getenv("CLAVIGER_TEST_REDIS") else {
            throw TestFailure(
                status: -1,
                message: "CLAVIGER_TEST_REDIS names no server: run make test, or put "
                    + "Tests/Servers/run before the command")
        }
        // redis://default:password@127.0.0.1:port
        let parts = String(cString: variable).split { ":/@".contains($0) }.map(String.init)
        guard parts.count == 5, let port = UInt16(parts[4]) else {
            throw TestFailure(status: -1, message: "CLAVIGER_TEST_REDIS is no URL")
        }
        (password, self.port) = (parts[2], port)
    }
}

/// A database of a test's own on the shared server, emptied before the test and after it.
final class TestStore {
    let server: Server
    let number: Int

    /// Other suites take other numbers.
    private static let taken = Atomic<Int>(6000)

    init() throws {
        server = try Server()
        number = Self.taken.wrappingAdd(1, ordering: .relaxed).newValue
        try raw().run("FLUSHDB")
    }

    deinit { _ = try? raw().run("FLUSHDB") }

    func raw() throws -> RawRedis { try RawRedis(server, database: number) }

    static let password = "correct horse battery staple"

    func url(port: UInt16? = nil, password: String? = nil) -> String {
        "redis://:\(password ?? server.password)@127.0.0.1:\(port ?? server.port)/\(number)"
    }

    func open(
        url: String? = nil, password: String = TestStore.password, label: String = "label",
        flags: Int = 0, concurrency: UInt32 = 4, _ settings: TestDatabase.Call = .init()
    ) throws -> TestDatabase {
        try TestDatabase(
            texts: [
                "database-url": url ?? self.url(), "redis-master-password": password,
                "redis-findex-label": label,
            ],
            // As cheap as the driver takes it.
            numbers: [
                "redis-argon2-memory": 19456, "redis-argon2-passes": 2, "redis-argon2-lanes": 1,
            ], flags: flags, concurrency: concurrency, settings)
    }

    func ready(concurrency: UInt32 = 4) throws -> TestDatabase {
        let database = try open(concurrency: concurrency)
        try database.migrate()
        return database
    }
}
