import Glibc
import PluginKit
import SQLStore
import Synchronization

/// The database in one file.
///
/// One connection writes; readers see the last commit and never wait for it. Every connection
/// belongs to a slot that one call at a time takes. Inline calls take what is free or are refused.
package final class SQLiteDriver: DatabaseDriver {
    package static let quick: QuickFunctions = [.get, .query, .grants]
    /// The host gathers all writes that wait into the next call, which commits them together.
    package static let writers: UInt32 = 1

    private let file: DatabaseFile
    /// The database of another system, to be listed.
    private let isForeign: Bool
    private let host: Host
    private let writer: Slot
    private let readers: [Slot]
    /// For `changes`, which waits for long.
    private let listener: Slot
    private let refused = Atomic<Int>(0)

    /// Readers opened at once, so that inline calls find some, and at most.
    private static let readersReady = 2
    private static let readersMax = 32
    /// Gets in one inline call; each takes some 3 us.
    private static let inlineGetsMax = 16
    private static let slotPause_us: UInt32 = 200
    private static let changesPause_us: UInt32 = 20_000

    private init(
        _ file: DatabaseFile, isForeign: Bool, host: Host, settings: [String], concurrency: Int
    ) throws(DriverFailure) {
        self.file = file
        self.isForeign = isForeign
        self.host = host
        let slot = { (role: SQLiteConnection.Role) in
            Slot { () throws(DriverFailure) in
                let connection = try SQLiteConnection(file, role, settings: settings, host: host)
                return Slot.Session(connection, dialect: .sqlite, schema: Schema(.sqlite))
            }
        }
        writer = slot(.writer)
        readers = (0..<min(max(concurrency, 1), Self.readersMax)).map { _ in slot(.reader) }
        listener = slot(.reader)
        for reader in readers.prefix(Self.readersReady) { try reader.open() }
    }

    package static func open(
        _ options: OpenOptions, host: Host, call: Call
    ) throws(DriverFailure) -> SQLiteDriver {
        guard options.tenant.isEmpty else { throw .unsupported }
        try call.check(host)
        let directory = options.text("sqlite-path").map { String($0) } ?? "./sqlite-data"
        let isForeign = options.flags.contains(.foreign)
        let file =
            isForeign
            ? try DatabaseFile(foreign: directory)
            : try DatabaseFile(
                directory: directory, isReadOnly: options.flags.contains(.readOnly))
        let isNormal = options.text("sqlite-synchronous").map { $0 == "normal" } ?? false
        let cache = options.number("sqlite-cache-size") ?? 2 << 20
        let settings = [
            "synchronous = \(isNormal ? "NORMAL" : "FULL")",
            "cache_size = -\(max(cache, 65536) / 1024)",
        ]
        let driver = try SQLiteDriver(
            file, isForeign: isForeign, host: host, settings: settings,
            concurrency: options.concurrency)
        try driver.checkFile(call)
        return driver
    }

    /// Reads the first page: a file that is no database is found now and not at the first request.
    private func checkFile(_ call: Call) throws(DriverFailure) {
        try reading(call) { (session) throws(DriverFailure) in
            _ = try session.connection.number("PRAGMA schema_version")
        }
    }

    package func close() {
        for slot in readers + [listener] { slot.close() }
        // The last one closes the log; with others there, it is moved as far as they allow.
        writer.close { $0.connection.checkpoint() }
    }

    package func cancel(_ callID: UInt64) {
        for slot in readers + [listener, writer] { slot.cancel(callID) }
    }
}

// Which connection a call uses.
extension SQLiteDriver {
    private func reading(
        _ call: Call, _ body: (Slot.Session) throws(DriverFailure) -> Void
    ) throws(DriverFailure) {
        while true {
            for reader in readers where reader.take(isInline: call.isInline) {
                return try reader.use(for: call, body)
            }
            try pause(call)
        }
    }

    private func writing(
        _ call: Call, _ body: (Slot.Session) throws(DriverFailure) -> Void
    ) throws(DriverFailure) {
        guard !file.isReadOnly else {
            throw DriverFailure(.unavailable, "SQLite: \(file.path) was opened read-only")
        }
        while !writer.take(isInline: call.isInline) { try pause(call) }
        try writer.use(for: call, body)
    }

    /// All connections are in use, which happens only beyond the promised concurrency.
    private func pause(_ call: Call) throws(DriverFailure) {
        if call.isInline {
            refused.wrappingAdd(1, ordering: .relaxed)
            throw .wouldBlock
        }
        try call.check(host)
        usleep(Self.slotPause_us)
    }
}

extension SQLiteDriver {
    package func get(
        _ requests: GetRequests, _ call: Call, into objects: inout ObjectsBuilder
    ) throws(DriverFailure) {
        if requests.isEmpty { return }
        if call.isInline, requests.count > Self.inlineGetsMax { throw .wouldBlock }
        try reading(call) { (session) throws(DriverFailure) in
            try session.get(requests, into: &objects)
        }
    }

    package func query(
        _ query: Query, _ call: Call, into objects: inout ObjectsBuilder
    ) throws(DriverFailure) {
        try reading(call) { (session) throws(DriverFailure) in
            if isForeign { return try session.foreignObjects(query, into: &objects) }
            try session.query(query, into: &objects)
        }
    }

    package func grants(
        _ query: GrantsQuery, _ call: Call, into grants: inout GrantsBuilder
    ) throws(DriverFailure) {
        try reading(call) { (session) throws(DriverFailure) in
            if isForeign { return try session.foreignGrants(query, into: &grants) }
            try session.grants(query, into: &grants)
        }
    }

    package func apply(
        _ writes: Writes, _ call: Call, into outcomes: inout Outcomes
    ) throws(DriverFailure) {
        try writing(call) { (session) throws(DriverFailure) in
            try session.apply(writes, into: &outcomes) { () throws(DriverFailure) in
                try session.connection.watch.check()
            }
        }
    }

    package func changes(
        since token: BorrowedBytes, _ call: Call, into changes: inout ChangesBuilder
    ) throws(DriverFailure) {
        do throws(DriverFailure) {
            while !listener.take(isInline: false) { try pause(call) }
            try listener.use(for: call) { (session) throws(DriverFailure) in
                while try !session.changes(since: token, into: &changes) {
                    try session.connection.watch.check()
                    usleep(Self.changesPause_us)
                }
            }
        } catch  where error.status == .deadline && !token.isEmpty {
            try changes.setToken(token)  // nothing happened, which is an answer
        }
    }
}

extension SQLiteDriver {
    package func health(_ call: Call) throws(DriverFailure) {
        if file.isReadOnly { return try checkFile(call) }
        try writing(call) { (session) throws(DriverFailure) in try session.health() }
    }

    package func context(_ call: Call) throws(DriverFailure) -> SchemaContext {
        var context = SchemaContext(state: .empty)
        try reading(call) { (session) throws(DriverFailure) in
            context = try migrator(session).context()
        }
        context.backend = "SQLite \(SQLiteConnection.version)"
        return context
    }

    package func migrate(_ call: Call) throws(DriverFailure) {
        try writing(call) { (session) throws(DriverFailure) in
            try migrator(session).migrate(version: host.version)
        }
    }

    package func plan(_ call: Call) throws(DriverFailure) -> [String] {
        var statements: [String] = []
        try reading(call) { (session) throws(DriverFailure) in
            statements = try migrator(session).plan()
        }
        return statements
    }

    private func migrator(_ session: Slot.Session) -> Migrator<SQLiteConnection> {
        Migrator(session.connection, dialect: .sqlite, schema: Schema(.sqlite))
    }

    package func clear(_ call: Call, _ others: OtherHosts) throws(DriverFailure) {
        try writing(call) { (session) throws(DriverFailure) in
            switch others {
            case .ignore:
                try session.clear()
            case .respect:
                let isAlone = try file.whileAlone { () throws(DriverFailure) in
                    try session.clear()
                }
                guard isAlone else {
                    throw DriverFailure(
                        .conflict,
                        "SQLite: \(file.path) is open elsewhere: stop the other server, "
                            + "or clear by force")
                }
            }
        }
    }

    package func statistics(_ call: Call) throws(DriverFailure) -> [Statistic] {
        try call.check(host)
        return [
            Statistic("file.size", "By", Double(file.size(suffix: ""))),
            Statistic("log.size", "By", Double(file.size(suffix: "-wal"))),
            Statistic("readers.open", "1", Double(readers.count(where: \.hasConnection))),
            Statistic("calls.refused", "1", Double(refused.load(ordering: .relaxed))),
        ]
    }
}
