import PluginKit
import SQLStore
import Synchronization

/// The database on a PostgreSQL server, or on several of which one writes.
package final class PostgresDriver: DatabaseDriver {
    private typealias Pool = ConnectionPool<PostgresConnection>

    private let host: Host
    private let pool: Pool
    /// For `changes`, which waits for long.
    private let listener: Pool
    private let isReadOnly: Bool
    /// The database of another system, to be listed.
    private let isForeign: Bool
    private let failed = Atomic<Int>(0)
    private let collided = Atomic<Int>(0)
    /// Commits in doubt so far, and how many of them had been when all commits were last confirmed.
    private let doubts = Atomic<Int>(0)
    private let confirmed = Atomic<Int>(0)
    private let announced_ns = Atomic<UInt64>(0)

    /// Attempts at writes that met others, the first included.
    private static let attempts = 5
    /// Who waits for changes is woken at most that often, and looks after that long by itself.
    private static let announcePause_ns: UInt64 = 5_000_000
    private static let changesPause_ms: Int32 = 200

    private init(
        _ url: ConnectionURL, host: Host, connections: Int, timeout_ns: UInt64, isReadOnly: Bool,
        isForeign: Bool
    ) {
        self.host = host
        self.isReadOnly = isReadOnly
        self.isForeign = isForeign
        let connecting = Connecting(
            url, host: host, timeout_ns: timeout_ns, isReadOnly: isReadOnly)
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
    ) throws(DriverFailure) -> PostgresDriver {
        guard options.tenant.isEmpty else { throw .unsupported }
        try call.check(host)
        for name in ConnectionURL.forgetVariables() {
            host.log(.warning, "PostgreSQL: the variable \(name) does not count")
        }
        guard let text = options.text("database-url") else {
            throw .invalid("PostgreSQL: database-url is missing")
        }
        let isForeign = options.flags.contains(.foreign)
        let isReadOnly = isForeign || options.flags.contains(.readOnly)
        let url = try ConnectionURL(
            text, password: options.text("postgresql-password"), marker: try marker(host),
            isReadOnly: isReadOnly, host: host)
        let most = options.number("max-connections").map(Int.init(clamping:)) ?? 8
        let driver = PostgresDriver(
            url, host: host, connections: min(most, max(options.concurrency, 1)),
            timeout_ns: UInt64(clamping: options.number("connect-timeout") ?? 5_000_000_000),
            isReadOnly: isReadOnly, isForeign: isForeign)
        do throws(DriverFailure) {
            try driver.pool.use(for: call) { _ in }
        } catch {
            driver.close()
            throw error
        }
        return driver
    }

    /// Tells the connections of one handle from those of others.
    private static func marker(_ host: Host) throws(DriverFailure) -> String {
        try host.random(8).map {
            String($0 >> 4, radix: 16) + String($0 & 15, radix: 16)
        }.joined()
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
        _ call: Call, _ body: (StoreSession<PostgresConnection>) throws(DriverFailure) -> Void
    ) throws(DriverFailure) {
        do throws(DriverFailure) {
            try pool.use(for: call, body)
        } catch {
            failed.wrappingAdd(1, ordering: .relaxed)
            if error.flags.contains(.inDoubt) {
                doubts.wrappingAdd(1, ordering: .sequentiallyConsistent)
            }
            throw error
        }
    }

    private func requireWritable() throws(DriverFailure) {
        guard !isReadOnly else {
            throw DriverFailure(.unavailable, "PostgreSQL: the database was opened read-only")
        }
    }
}

extension PostgresDriver {
    package func get(
        _ requests: GetRequests, _ call: Call, into objects: inout ObjectsBuilder
    ) throws(DriverFailure) {
        if requests.isEmpty { return }
        try use(call) { (session) throws(DriverFailure) in
            try confirmCommits(on: session.connection)
            try session.get(requests, into: &objects)
        }
    }

    /// The host asks by `get` whether a commit in doubt happened. The server shows it as soon as it
    /// has it itself; the answer is yes only once the standby has it too.
    private func confirmCommits(on connection: PostgresConnection) throws(DriverFailure) {
        let doubts = doubts.load(ordering: .sequentiallyConsistent)
        let confirmed = confirmed.load(ordering: .relaxed)
        guard confirmed < doubts else { return }
        try connection.confirmCommits()
        self.confirmed.max(doubts, ordering: .relaxed)
    }

    package func query(
        _ query: Query, _ call: Call, into objects: inout ObjectsBuilder
    ) throws(DriverFailure) {
        try use(call) { (session) throws(DriverFailure) in
            if isForeign { return try session.foreignObjects(query, into: &objects) }
            try session.query(query, into: &objects)
        }
    }

    package func grants(
        _ query: GrantsQuery, _ call: Call, into grants: inout GrantsBuilder
    ) throws(DriverFailure) {
        try use(call) { (session) throws(DriverFailure) in
            if isForeign { return try session.foreignGrants(query, into: &grants) }
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
                    let hasChanged = try session.apply(writes, into: &outcomes) {
                        () throws(DriverFailure) in try session.connection.watch.check()
                    }
                    if hasChanged, isTimeToAnnounce() { session.announceChanges() }
                    return
                } catch  where PostgresFailure.isCollision(error) && attempt < Self.attempts {
                    // The server undid this one for another to go on: at once it usually succeeds.
                    collided.wrappingAdd(1, ordering: .relaxed)
                    try session.connection.watch.check()
                }
            }
        }
    }

    private func isTimeToAnnounce() -> Bool {
        let now = host.monotonic_ns
        let last = announced_ns.load(ordering: .relaxed)
        guard now &- last >= Self.announcePause_ns else { return false }
        return announced_ns.compareExchange(
            expected: last, desired: now, ordering: .relaxed
        ).exchanged
    }

    package func changes(
        since token: BorrowedBytes, _ call: Call, into changes: inout ChangesBuilder
    ) throws(DriverFailure) {
        do throws(DriverFailure) {
            try listener.use(for: call) { (session) throws(DriverFailure) in
                // Before the first look, so that no change falls between the two.
                try session.connection.listen()
                while try !session.changes(since: token, into: &changes) {
                    try session.connection.waitForNotification(
                        milliseconds: Self.changesPause_ms)
                }
            }
        } catch  where error.status == .deadline && !token.isEmpty {
            try changes.setToken(token)  // nothing happened, which is an answer
        }
    }
}

extension PostgresDriver {
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
            context.backend = "PostgreSQL \(session.connection.serverVersion)"
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

    private func migrator(
        _ session: StoreSession<PostgresConnection>
    ) -> Migrator<PostgresConnection> {
        Migrator(session.connection, dialect: .postgres, schema: Schema(.postgres))
    }

    package func clear(_ call: Call, _ others: OtherHosts) throws(DriverFailure) {
        try requireWritable()
        try use(call) { (session) throws(DriverFailure) in
            if case .respect = others, try session.connection.countOtherHosts() > 0 {
                throw DriverFailure(
                    .conflict,
                    "PostgreSQL: another server has the database open: stop it, or clear by force")
            }
            try session.clear()
            session.announceChanges()
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
