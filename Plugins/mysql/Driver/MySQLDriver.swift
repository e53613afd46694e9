import PluginKit
import SQLStore
import Synchronization

/// The database on a MariaDB or MySQL server, or on the nodes of a cluster.
package final class MySQLDriver: DatabaseDriver {
    private typealias Pool = ConnectionPool<MySQLConnection>

    private let host: Host
    private let connecting: Connecting
    private let pool: Pool
    /// For `changes`, which waits for long.
    private let listener: Pool
    private let isReadOnly: Bool
    private let failed = Atomic<Int>(0)
    private let collided = Atomic<Int>(0)

    /// Attempts at writes that met others, the first included.
    private static let attempts = 5
    /// Who waits for changes looks that often.
    private static let changesPause_ms: Int32 = 100

    private init(
        _ connecting: Connecting, host: Host, connections: Int, isReadOnly: Bool
    ) {
        self.host = host
        self.connecting = connecting
        self.isReadOnly = isReadOnly
        let pool = { (limit: Int) in
            Pool(limit: limit, host: host) { (call, latest_ns) throws(DriverFailure) in
                try connecting.connect(for: call, latest_ns: latest_ns)
            }
        }
        self.pool = pool(connections)
        listener = pool(1)
    }

    package static func open(
        _ options: OpenOptions, host: Host, call: Call
    ) throws(DriverFailure) -> MySQLDriver {
        guard !options.flags.contains(.foreign), options.tenant.isEmpty else {
            throw .unsupported
        }
        try call.check(host)
        for name in ClientLibrary.forgetVariables() {
            host.log(.warning, "MySQL: the variable \(name) does not count")
        }
        let isReadOnly = options.flags.contains(.readOnly)
        let most = options.number("max-connections").map(Int.init(clamping:)) ?? 8
        let driver = MySQLDriver(
            try connecting(options, host, isReadOnly: isReadOnly), host: host,
            connections: min(most, max(options.concurrency, 1)), isReadOnly: isReadOnly)
        do throws(DriverFailure) {
            try driver.pool.use(for: call) { _ in }
        } catch {
            driver.close()
            throw error
        }
        return driver
    }

    private static func connecting(
        _ options: OpenOptions, _ host: Host, isReadOnly: Bool
    ) throws(DriverFailure) -> Connecting {
        guard let text = options.text("database-url") else {
            throw .invalid("MySQL: database-url is missing")
        }
        let url = try ConnectionURL(text, host: host)
        var certificate: ClientCertificate?
        if let file = options.text("mysql-user-cert-file"), !file.isEmpty {
            certificate = try ClientCertificate(
                file: String(file), password: options.text("mysql-user-cert-password"), host: host)
        }
        let given = options.text("mysql-ssl-mode").map { String($0) } ?? ""
        let caFile = options.text("mysql-ca-file").map { String($0) } ?? ""
        let security = try TransportSecurity(
            mode: url.sslMode ?? TransportSecurity.Mode(rawValue: given),
            caFile: url.caFile ?? (caFile.isEmpty ? nil : caFile), certificate: certificate)
        guard let user = url.user ?? certificate?.commonName else {
            throw .invalid(
                certificate == nil
                    ? "MySQL: database-url names no user"
                    : "MySQL: database-url names no user, and the certificate has no common name")
        }
        var password = url.password
        if let secret = options.text("mysql-password"), !secret.isEmpty {
            password = try host.secureMemory(copying: secret.utf8)
        }
        return Connecting(
            url, user: user, password: password, security: security, certificate: certificate,
            host: host,
            timeout_ns: UInt64(clamping: options.number("connect-timeout") ?? 5_000_000_000),
            isReadOnly: isReadOnly)
    }

    package func close() {
        pool.closeIdle()
        listener.closeIdle()
    }

    package func cancel(_ callID: UInt64) {
        pool.cancel(callID)
        listener.cancel(callID)
    }

    private func use(
        _ call: Call, _ body: (StoreSession<MySQLConnection>) throws(DriverFailure) -> Void
    ) throws(DriverFailure) {
        do throws(DriverFailure) {
            try pool.use(for: call, body)
        } catch {
            failed.wrappingAdd(1, ordering: .relaxed)
            throw error
        }
    }

    private func requireWritable() throws(DriverFailure) {
        guard !isReadOnly else {
            throw DriverFailure(.unavailable, "MySQL: the database was opened read-only")
        }
    }
}

extension MySQLDriver {
    package func get(
        _ requests: GetRequests, _ call: Call, into objects: inout ObjectsBuilder
    ) throws(DriverFailure) {
        if requests.isEmpty { return }
        try use(call) { (session) throws(DriverFailure) in
            try session.get(requests, into: &objects)
        }
    }

    package func query(
        _ query: Query, _ call: Call, into objects: inout ObjectsBuilder
    ) throws(DriverFailure) {
        try use(call) { (session) throws(DriverFailure) in
            try session.query(query, into: &objects)
        }
    }

    package func grants(
        _ query: GrantsQuery, _ call: Call, into grants: inout GrantsBuilder
    ) throws(DriverFailure) {
        try use(call) { (session) throws(DriverFailure) in
            try session.grants(query, into: &grants)
        }
    }

    package func apply(
        _ writes: Writes, _ call: Call, into outcomes: inout Outcomes
    ) throws(DriverFailure) {
        try requireWritable()
        try use(call) { (session) throws(DriverFailure) in
            for attempt in 1... {
                do throws(DriverFailure) {
                    try session.apply(writes, into: &outcomes) { () throws(DriverFailure) in
                        try session.connection.watch.check()
                    }
                    return
                } catch  where MySQLFailure.isCollision(error) && attempt < Self.attempts {
                    // The server undid this one for another to go on: at once it usually succeeds.
                    collided.wrappingAdd(1, ordering: .relaxed)
                    try session.connection.watch.check()
                }
            }
        }
    }
}

extension MySQLDriver {
    package func changes(
        since token: BorrowedBytes, _ call: Call, into changes: inout ChangesBuilder
    ) throws(DriverFailure) {
        do throws(DriverFailure) {
            try listener.use(for: call) { (session) throws(DriverFailure) in
                try waitForChanges(since: token, session, into: &changes)
            }
        } catch  where error.status == .deadline && !token.isEmpty {
            try changes.setToken(token)  // nothing happened, which is an answer
        }
    }

    private func waitForChanges(
        since token: BorrowedBytes, _ session: StoreSession<MySQLConnection>,
        into changes: inout ChangesBuilder
    ) throws(DriverFailure) {
        while true {
            do throws(DriverFailure) {
                // Who only reads sees what others have settled.
                if !isReadOnly { try session.settleChanges() }
                if try session.changes(since: token, into: &changes) { return }
            } catch  where MySQLFailure.isCollision(error) {
                // Somebody else settles: next time there is less to do.
            }
            try session.connection.pause(milliseconds: Self.changesPause_ms)
        }
    }
}

extension MySQLDriver {
    package func health(_ call: Call) throws(DriverFailure) {
        try pool.use(for: call, isHurried: true) { (session) throws(DriverFailure) in
            if isReadOnly { return try session.ping() }
            try session.health()
        }
    }

    package func context(_ call: Call) throws(DriverFailure) -> SchemaContext {
        var context = SchemaContext(state: .empty)
        try use(call) { (session) throws(DriverFailure) in
            context = try migrator(session).context()
            context.backend = session.connection.serverVersion
        }
        return context
    }

    package func migrate(_ call: Call) throws(DriverFailure) {
        try requireWritable()
        try use(call) { (session) throws(DriverFailure) in
            try migrator(session).migrate(version: host.version)
        }
    }

    package func plan(_ call: Call) throws(DriverFailure) -> [String] {
        var statements: [String] = []
        try use(call) { (session) throws(DriverFailure) in
            statements = try migrator(session).plan()
        }
        return statements
    }

    private func migrator(_ session: StoreSession<MySQLConnection>) -> Migrator<MySQLConnection> {
        Migrator(session.connection, dialect: .mysql, schema: Schema(.mysql))
    }

    package func clear(_ call: Call, _ others: OtherHosts) throws(DriverFailure) {
        try requireWritable()
        try use(call) { (session) throws(DriverFailure) in
            if case .respect = others,
                try session.connection.countOthers(connecting.ours) > 0
            {
                throw DriverFailure(
                    .conflict,
                    "MySQL: another server has the database open: stop it, or clear by force")
            }
            try session.clear()
        }
    }

    package func statistics(_ call: Call) throws(DriverFailure) -> [Statistic] {
        try call.check(host)
        let counts = pool.counts
        return [
            Statistic("pool.open", "1", Double(counts.open)),
            Statistic("pool.in-use", "1", Double(counts.inUse)),
            Statistic("pool.waiting", "1", Double(counts.waiting)),
            Statistic("calls.failed", "1", Double(failed.load(ordering: .relaxed))),
            Statistic("writes.collided", "1", Double(collided.load(ordering: .relaxed))),
        ]
    }
}
