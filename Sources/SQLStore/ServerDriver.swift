import PluginKit
import Synchronization

/// The database on a server, or on several of which one is used: all that drivers of servers do alike.
package final class ServerDriver<Connection: NetworkConnection>: DatabaseDriver {
    private typealias Pool = ConnectionPool<Connection>

    private let host: Host
    private let pool: Pool
    /// For `changes`, which waits for long.
    private let listener: Pool
    private let isReadOnly: Bool
    /// The database of another system, to be listed.
    private let isForeign: Bool
    /// Of a handle that writes.
    private let lease: Lease?
    private let failed = Atomic<Int>(0)
    private let collided = Atomic<Int>(0)
    /// Commits in doubt so far, and how many of them had been when all commits were last confirmed.
    private let doubts = Atomic<Int>(0)
    private let confirmed = Atomic<Int>(0)
    private let announced_ns = Atomic<UInt64>(0)

    /// Attempts at writes that met others, the first included.
    private static var attempts: Int { 5 }
    /// Who waits for changes is woken at most that often.
    private static var announcePause_ns: UInt64 { 5_000_000 }
    /// What is left to do on close may take that long.
    private static var closing_ns: UInt64 { 1_000_000_000 }

    private init(
        _ connect: @escaping Pool.Connect, host: Host, connections: Int, isReadOnly: Bool,
        isForeign: Bool
    ) throws(DriverFailure) {
        self.host = host
        self.isReadOnly = isReadOnly
        self.isForeign = isForeign
        lease = isReadOnly ? nil : try Lease(host: host)
        pool = Pool(limit: connections, host: host, connect: connect)
        listener = Pool(limit: 1, host: host, connect: connect)
    }

    package static func open(
        _ options: OpenOptions, host: Host, call: Call
    ) throws(DriverFailure) -> ServerDriver {
        guard options.tenant.isEmpty else { throw .unsupported }
        try call.check(host)
        let isForeign = options.flags.contains(.foreign)
        let isReadOnly = isForeign || options.flags.contains(.readOnly)
        let most = options.number("max-connections").map(Int.init(clamping:)) ?? 8
        let driver = try ServerDriver(
            try Connection.connector(options, host: host, isReadOnly: isReadOnly), host: host,
            connections: min(most, max(options.concurrency, 1)), isReadOnly: isReadOnly,
            isForeign: isForeign)
        do throws(DriverFailure) {
            try driver.pool.use(for: call) { _ in }
        } catch {
            driver.close()
            throw error
        }
        return driver
    }

    package func close() {
        if let lease {
            pool.useIdle(until: host.monotonic_ns + Self.closing_ns) { lease.release(in: $0) }
        }
        pool.closeIdle()
        listener.closeIdle()
    }

    package func cancel(_ callID: UInt64) {
        pool.cancel(callID)
        listener.cancel(callID)
    }

    private func use(
        _ call: Call, _ body: (StoreSession<Connection>) throws(DriverFailure) -> Void
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
            throw DriverFailure(
                .unavailable, "\(Connection.engine): the database was opened read-only")
        }
    }
}

extension ServerDriver {
    package func get(
        _ requests: GetRequests, _ call: Call, into objects: inout ObjectsBuilder
    ) throws(DriverFailure) {
        if requests.isEmpty { return }
        try use(call) { (session) throws(DriverFailure) in
            try confirmCommits(on: session.connection)
            try session.get(requests, into: &objects)
        }
    }

    /// The host asks by `get` whether a commit in doubt happened. The server may show it before it is
    /// as durable as the server's settings want it; the answer is yes only then.
    private func confirmCommits(on connection: Connection) throws(DriverFailure) {
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
                } catch  where Connection.isCollision(error) && attempt < Self.attempts {
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
                while try !look(session, since: token, into: &changes) {
                    try session.connection.waitForNews()
                }
            }
        } catch  where error.status == .deadline && !token.isEmpty {
            try changes.setToken(token)  // nothing happened, which is an answer
        }
    }

    /// False: there is no news.
    private func look(
        _ session: StoreSession<Connection>, since token: BorrowedBytes,
        into changes: inout ChangesBuilder
    ) throws(DriverFailure) -> Bool {
        do throws(DriverFailure) {
            // Who only reads sees what others have settled.
            if !isReadOnly { try session.settleChanges() }
            return try session.changes(since: token, into: &changes)
        } catch  where Connection.isCollision(error) {
            return false  // somebody else settles: next time there is less to do
        }
    }
}

extension ServerDriver {
    package func health(_ call: Call) throws(DriverFailure) {
        try pool.use(for: call, isHurried: true) { (session) throws(DriverFailure) in
            guard let lease else { return try session.ping() }
            // That is a write, and tells as much.
            if lease.isDue { return try lease.renew(in: session) }
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

    private func migrator(_ session: StoreSession<Connection>) -> Migrator<Connection> {
        let dialect = Connection.dialect
        return Migrator(session.connection, dialect: dialect, schema: Schema(dialect))
    }

    package func clear(_ call: Call, _ others: OtherHosts) throws(DriverFailure) {
        try requireWritable()
        try use(call) { (session) throws(DriverFailure) in
            switch others {
            case .respect: try session.clear(unlessOthersThan: lease)
            case .ignore: try session.clear()
            }
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

extension [PluginOption] {
    /// What ``ServerDriver`` and its connections take, whatever the engine.
    package static var ofConnections: [PluginOption] {
        [
            PluginOption(
                "max-connections", .integer,
                help: "Connections at once, besides one that waits for changes",
                default: "8", range: 1...200),
            PluginOption(
                "connect-timeout", .duration,
                help: "How long one server may take to accept a connection", default: "5s",
                range: 100_000_000...60_000_000_000),
        ]
    }
}

extension OpenOptions {
    /// The value of `connect-timeout`.
    package var connectTimeout_ns: UInt64 {
        UInt64(clamping: number("connect-timeout") ?? 5_000_000_000)
    }
}
