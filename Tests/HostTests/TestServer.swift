import Cryptography
import Glibc
import Host
import KMIP
import Logging
import PluginLoader
import Synchronization

/// The inside of a server over a real driver, without sockets: several users, a clock to set.
final class TestServer: Sendable {
    let service: Service
    private let database: Database
    private let stored: DatabaseForTest
    private let time: Clock
    private let enrolled = Mutex<[String: Principal]>([:])

    /// Seconds since 1970-01-01 UTC, as the server sees them.
    final class Clock: Sendable {
        private let value: Mutex<Int64>
        init(_ start: Int64) { value = Mutex(start) }
        var now: Int64 { value.withLock { $0 } }
        func advance(by seconds: Int64) { value.withLock { $0 += seconds } }
    }

    init(_ driver: DriverUnderTest, requestTimeout: Duration = .seconds(30)) async throws {
        let stored = try DatabaseForTest(driver)
        self.stored = stored
        let plugin = try driver.plugin()
        let settings = plugin.info.options.compactMap { option -> Setting? in
            stored.settings[option.name].map { text in
                let number = option.type == .integer ? Int64(text) : nil
                return Setting(option: option, value: number.map { .number($0) } ?? .text(text))
            }
        }
        database = try await plugin.openDatabase(
            settings: settings, concurrency: 4, readOnly: false, deadline: .after(.seconds(120)))
        try await database.migrate(deadline: .after(.seconds(120)))
        let time = Clock(1_700_000_000)
        self.time = time
        var hostSettings = Settings()
        hostSettings.requestTimeout = requestTimeout
        service = Service(
            database: database, settings: hostSettings,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: { time.now })
    }

    var clock: Clock { time }

    /// Closes the database; every test that opens a server ends with it.
    func stop() async { await database.close() }

    /// Makes a user be more than a name: of groups, with roles.
    func enrol(_ principal: Principal) { enrolled.withLock { $0[principal.name] = principal } }

    func send(_ request: KMIP.Request, as user: String = "alice") async throws(Failure) -> Response {
        try await service.dispatch.run(request, in: service.context(for: principal(user)))
    }

    func grants(of user: String) -> GrantedRights {
        GrantedRights(service.context(for: principal(user)))
    }

    private func principal(_ user: String) -> Principal {
        enrolled.withLock { $0[user] } ?? Principal(user)
    }

    /// Runs a test on a server of its own and stops it.
    static func with(
        _ driver: DriverUnderTest, requestTimeout: Duration = .seconds(30),
        _ body: (TestServer) async throws -> Void
    ) async throws {
        let server = try await TestServer(driver, requestTimeout: requestTimeout)
        do { try await body(server) } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }
}

/// A folder of its own for one test; removed with everything in it.
final class TemporaryFolder: Sendable {
    let path: String

    struct NotMade: Error {}

    init() throws {
        var template = Array("/tmp/claviger-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw NotMade() }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { try? ChildProcess.run(["rm", "-rf", "--", path]) }
}

extension HostServices {
    static let forTests = HostServices(
        name: "tests", version: Version.current, log: { _, _, _, _ in },
        isLogEnabled: { _ in false },
        random: { (try? Random.fill($0)) != nil },
        unixMicroseconds: { Int64(time(nil)) * 1_000_000 })
}
