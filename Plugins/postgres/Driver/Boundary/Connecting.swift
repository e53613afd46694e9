import CPostgreSQL
import Glibc
import PluginKit
import SQLStore
import Synchronization

/// Makes connections: to one server after the other until one will do, within the call's deadline.
final class Connecting: Sendable {
    private let url: ConnectionURL
    private let host: Host
    private let isReadOnly: Bool
    private let choice: ServerChoice
    private let hasWarned = Atomic<Bool>(false)

    private static let tick_ms: Int32 = 20
    private static let oldestVersion: Int32 = 130_000

    init(_ url: ConnectionURL, host: Host, timeout_ns: UInt64, isReadOnly: Bool) {
        self.url = url
        self.host = host
        self.isReadOnly = isReadOnly
        choice = ServerChoice(
            PostgresConnection.engine, count: url.servers.count, host: host, timeout_ns: timeout_ns)
    }

    /// - Parameter latest_ns: A deadline besides the call's; 0: none.
    func connect(
        for call: Call, latest_ns: UInt64
    ) throws(DriverFailure) -> StoreSession<PostgresConnection> {
        try choice.connect(for: call, latest_ns: latest_ns) {
            (server, limit_ns) throws(DriverFailure) in
            try connect(to: url.servers[server], call, until: limit_ns)
        }
    }

    private func connect(
        to server: ConnectionURL.Server, _ call: Call, until limit_ns: UInt64
    ) throws(DriverFailure) -> StoreSession<PostgresConnection> {
        let handle = try server.parameters.withExposedBytes { (text) throws(DriverFailure) in
            // NUL-terminated by ConnectionURL; libpq copies it.
            try text.withUnsafeBytes { (text) throws(DriverFailure) in
                let start = PQconnectStart(
                    text.baseAddress?.assumingMemoryBound(to: CChar.self))
                guard let start else { throw DriverFailure.outOfMemory }
                return start
            }
        }
        do throws(DriverFailure) {
            try complete(handle, server, call, until: limit_ns)
        } catch {
            PQfinish(handle)
            throw error
        }
        // From here on the connection owns the handle.
        let connection = PostgresConnection(connected: handle, host: host)
        do throws(DriverFailure) {
            try connection.watch.begin(call, latest_ns: limit_ns)
            try connection.setUp(
                Self.setUp(version: PQserverVersion(handle)), isReadOnly: isReadOnly)
            connection.watch.end()
            warnOnce(handle, server)
        } catch {
            connection.close()
            throw error
        }
        return StoreSession(connection, dialect: .postgres, schema: Schema(.postgres))
    }

    /// Goes on with the connection as libpq asks, until it stands.
    private func complete(
        _ handle: OpaquePointer, _ server: ConnectionURL.Server, _ call: Call,
        until limit_ns: UInt64
    ) throws(DriverFailure) {
        // With the SQLSTATE, for which there is no function before the connection stands.
        PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
        var isToWrite = true
        while true {
            guard PQstatus(handle) != CONNECTION_BAD else { throw failure(handle, server) }
            try wait(handle, server, toWrite: isToWrite, call, until: limit_ns)
            switch PQconnectPoll(handle) {
            case PGRES_POLLING_OK:
                guard PQserverVersion(handle) >= Self.oldestVersion else {
                    throw DriverFailure(
                        .unsupported, "PostgreSQL: \(server.place) is older than version 13")
                }
                return
            case PGRES_POLLING_READING: isToWrite = false
            case PGRES_POLLING_WRITING: isToWrite = true
            default: throw failure(handle, server)
            }
        }
    }

    private func wait(
        _ handle: OpaquePointer, _ server: ConnectionURL.Server, toWrite: Bool, _ call: Call,
        until limit_ns: UInt64
    ) throws(DriverFailure) {
        var isReady = false
        while !isReady {
            if call.isCancelled { throw .cancelled }
            guard host.monotonic_ns < limit_ns else {
                throw DriverFailure(
                    .unavailable, "PostgreSQL: \(server.place) did not answer in time",
                    flags: .retryable)
            }
            var waited = pollfd(
                fd: PQsocket(handle), events: Int16(toWrite ? POLLOUT : POLLIN), revents: 0)
            isReady = poll(&waited, 1, Self.tick_ms) != 0
        }
    }

    private func failure(_ handle: OpaquePointer, _ server: ConnectionURL.Server) -> DriverFailure {
        let text = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
        if text.contains("session is read-only") || text.contains("server is in hot standby") {
            var failure = PostgresFailure.make(state: "25006", message: "")
            failure.message = "PostgreSQL: \(server.place) only reads: a standby, or set so"
            return failure
        }
        return PostgresFailure.connecting(text, to: server.place)
    }

    /// Says loudly, once for each handle, that whoever is on the way may listen.
    private func warnOnce(_ handle: OpaquePointer, _ server: ConnectionURL.Server) {
        let address = PQhostaddr(handle).map { String(cString: $0) } ?? ""
        let isHere =
            address.isEmpty || address.hasPrefix("/") || address.hasPrefix("127.")
            || address == "::1"
        let isVerified = url.sslmode.hasPrefix("verify")
        guard !isHere, !isVerified, !hasWarned.exchange(true, ordering: .relaxed) else { return }
        let what =
            PQsslInUse(handle) == 1
            ? "is encrypted, but nobody has verified that it leads to the database"
            : "is NOT ENCRYPTED: keys and the password's proof pass in clear"
        host.log(
            .warning,
            "PostgreSQL: the connection to \(server.place) \(what); add "
                + "?sslmode=verify-full&sslrootcert=FILE to database-url")
    }

    /// One statement that fixes what the session depends on and reports what to check.
    ///
    /// Plans: our statements find everything by key and say in which order tables are visited, so
    /// the planner is kept from what statistics, or their lack, might lead it to.
    private static func setUp(version: Int32) -> String {
        var settings = [
            ("search_path", "quote_ident(current_schema())"),
            // What administrators see of a session: whose it is, and on which schema.
            (
                "application_name",
                "current_setting('application_name') || ' ' || to_hex(hashtext(current_schema()))"
            ),
            ("jit", "'off'"),
            ("plan_cache_mode", "'force_generic_plan'"), ("enable_seqscan", "'off'"),
            ("enable_hashjoin", "'off'"), ("enable_mergejoin", "'off'"),
            ("join_collapse_limit", "'1'"), ("from_collapse_limit", "'1'"),
            ("idle_in_transaction_session_timeout", "'60s'"),
            // What is acknowledged must be durable, whatever the database's default.
            (
                "synchronous_commit",
                "CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' "
                    + "ELSE current_setting('synchronous_commit') END"
            ),
        ]
        if version >= 140_000 { settings.append(("client_connection_check_interval", "'1s'")) }
        return "SELECT current_setting('server_encoding'), pg_is_in_recovery() "
            + "OR current_setting('default_transaction_read_only') = 'on', "
            + "current_setting('server_version'), current_schema() IS NULL, "
            + settings.map { "set_config('\($0)', \($1), false)" }.joined(separator: ", ")
    }
}

extension PostgresConnection {
    /// Runs the statement of ``Connecting`` and judges the session by what it says.
    fileprivate func setUp(_ sql: String, isReadOnly: Bool) throws(DriverFailure) {
        let statement = try prepare(sql)
        defer { statement.reset() }
        guard try statement.step() else { throw PostgresFailure.lost("it tells nothing") }
        let encoding = String(statement.text(0))
        guard encoding == "UTF8" else {
            throw DriverFailure(
                .unsupported,
                "PostgreSQL: the database has encoding \(encoding): create it with encoding UTF8")
        }
        guard isReadOnly || statement.integer(1) == 0 else {
            throw PostgresFailure.make(state: "25006", message: "")
        }
        guard statement.integer(3) == 0 else {
            throw DriverFailure(
                .denied,
                "PostgreSQL: the role may use no schema of its search_path: "
                    + "grant usage on one")
        }
        serverVersion = "\(Self.engine) \(String(statement.text(2)))"
    }
}
