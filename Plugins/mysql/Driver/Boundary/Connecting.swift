import CMariaDB
import CPlatform
import Glibc
import PluginKit
import SQLStore
import Synchronization

/// Makes connections: to one server after the other until one will do, within the call's deadline.
final class Connecting: Sendable {
    private let url: ConnectionURL
    private let user: String
    private let password: SecureMemory?
    private let security: TransportSecurity
    /// Keeps the files of `security` alive.
    private let certificate: ClientCertificate?
    private let host: Host
    private let timeout_ns: UInt64
    private let isReadOnly: Bool
    /// The server that answered last.
    private let favourite = Atomic<Int>(0)
    private let warned = Mutex<Set<String>>([])
    /// The server's numbers for the connections that are open.
    private let open = Mutex<Set<UInt>>([])

    private static let oldestMariaDB: UInt = 10_05_00
    private static let oldestMySQL: UInt = 8_00_00
    /// What an object of the largest size needs, with what goes with it.
    private static let packetWanted = 17 << 20

    init(
        _ url: ConnectionURL, user: String, password: SecureMemory?, security: TransportSecurity,
        certificate: ClientCertificate?, host: Host, timeout_ns: UInt64, isReadOnly: Bool
    ) {
        self.url = url
        self.user = user
        self.password = password
        self.security = security
        self.certificate = certificate
        self.host = host
        self.timeout_ns = timeout_ns
        self.isReadOnly = isReadOnly
    }

    var ours: Set<UInt> { open.withLock { $0 } }

    /// - Parameter latest_ns: A deadline besides the call's; 0: none.
    func connect(
        for call: Call, latest_ns: UInt64
    ) throws(DriverFailure) -> StoreSession<MySQLConnection> {
        let first = favourite.load(ordering: .relaxed)
        var failures: [DriverFailure] = []
        for turn in url.servers.indices {
            let index = (first + turn) % url.servers.count
            do throws(DriverFailure) {
                let left = UInt64(url.servers.count - turn)
                let session = try connect(
                    to: url.servers[index], call, until: limit(call, latest_ns, sharedBy: left))
                favourite.store(index, ordering: .relaxed)
                return session
            } catch {
                if error.status == .cancelled { throw error }
                failures.append(error)
            }
        }
        try checkTime(call, latest_ns)
        throw Self.combined(failures)
    }

    /// What is most worth telling: what a server said rather than silence, and all of it.
    private static func combined(_ failures: [DriverFailure]) -> DriverFailure {
        guard var told = failures.first(where: { $0.status == .denied }) ?? failures.first else {
            return DriverFailure(.unavailable, "MySQL: database-url names no server")
        }
        told.message = failures.map(\.message).joined(separator: "; ")
        if failures.contains(where: { $0.flags.contains(.retryable) }) {
            told.flags.insert(.retryable)
        }
        return told
    }

    private func limit(_ call: Call, _ latest_ns: UInt64, sharedBy servers: UInt64) -> UInt64 {
        let now = host.monotonic_ns
        let deadlines = [call.deadline_ns, latest_ns].filter { $0 > now }
        let shares = deadlines.map { now + ($0 - now) / servers }
        return (shares + [now + timeout_ns]).min() ?? now
    }

    private func checkTime(_ call: Call, _ latest_ns: UInt64) throws(DriverFailure) {
        try call.check(host)
        if latest_ns != 0, host.monotonic_ns >= latest_ns { throw .deadline }
    }

    private func connect(
        to server: ConnectionURL.Server, _ call: Call, until limit_ns: UInt64
    ) throws(DriverFailure) -> StoreSession<MySQLConnection> {
        do throws(DriverFailure) {
            return try attempt(server, encrypted: security.mode != .disabled, call, limit_ns)
        } catch
            where security.mode == .preferred && error.nativeCode == Int64(CR_SSL_CONNECTION_ERROR)
            && error.status == .denied
        {
            // The server has no TLS: the warning tells.
            return try attempt(server, encrypted: false, call, limit_ns)
        } catch  where error.status == .deadline {
            throw DriverFailure(
                .unavailable, "MySQL: \(server.place) did not answer in time", flags: .retryable)
        }
    }

    private func attempt(
        _ server: ConnectionURL.Server, encrypted: Bool, _ call: Call, _ limit_ns: UInt64
    ) throws(DriverFailure) -> StoreSession<MySQLConnection> {
        let connection = try MySQLConnection(host: host) { [weak self] id in
            _ = self?.open.withLock { $0.remove(id) }
        }
        do throws(DriverFailure) {
            try connection.watch.begin(call, latest_ns: limit_ns)
            try connection.prepareOptions(
                security, server, encrypted: encrypted, limit_ns: limit_ns, host)
            let code = try connection.connect(
                to: server, user: user, password: password, database: url.database)
            guard code == 0 else {
                throw connection.failureToConnect(server.place, certificate != nil)
            }
            _ = open.withLock { $0.insert(connection.id) }
            let facts = try connection.setUp()
            try judge(facts, connection, server)
            warn(facts, connection, server)
            connection.watch.end()
        } catch {
            connection.close()
            throw error
        }
        return StoreSession(connection, dialect: .mysql, schema: Schema(.mysql))
    }

    private func judge(
        _ facts: ServerFacts, _ connection: MySQLConnection, _ server: ConnectionURL.Server
    ) throws(DriverFailure) {
        let oldest = connection.isMariaDB ? Self.oldestMariaDB : Self.oldestMySQL
        guard facts.versionNumber >= oldest else {
            throw DriverFailure(
                .unsupported,
                "MySQL: \(server.place) runs \(connection.serverVersion): MariaDB 10.5 or MySQL 8.0 is "
                    + "the least")
        }
        guard isReadOnly || !facts.isReadOnly else {
            var failure = MySQLFailure.make(code: 1290, state: "HY000", message: "")
            failure.message = "MySQL: \(server.place) only reads: a replica, or set so"
            throw failure
        }
    }

    /// Says loudly, once for each handle, what should not stay as it is.
    private func warn(
        _ facts: ServerFacts, _ connection: MySQLConnection, _ server: ConnectionURL.Server
    ) {
        if !security.mode.isVerified, !connection.isLocal {
            let what =
                connection.isEncrypted
                ? "is encrypted, but nobody has verified that it leads to the database"
                : "is NOT ENCRYPTED: keys and the password's proof pass in clear"
            warnOnce(
                "MySQL: the connection to \(server.place) \(what); set mysql-ca-file to the "
                    + "certificate that signed the server's")
        }
        if !facts.isDurable {
            warnOnce(
                "MySQL: \(server.place) may lose acknowledged writes in a crash: set "
                    + "innodb_flush_log_at_trx_commit = 1")
        }
        if connection.packetMax < Self.packetWanted {
            warnOnce(
                "MySQL: \(server.place) takes objects of at most \(connection.packetMax >> 10) KiB: set "
                    + "max_allowed_packet = 32M")
        }
    }

    private func warnOnce(_ text: String) {
        guard warned.withLock({ $0.insert(text).inserted }) else { return }
        host.log(.warning, text)
    }
}

/// What a session learns of its server.
struct ServerFacts {
    var versionNumber: UInt
    var isReadOnly: Bool
    /// A commit is on disk before it is acknowledged.
    var isDurable: Bool
}
