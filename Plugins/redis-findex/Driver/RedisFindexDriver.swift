import PluginKit
import SQLStore
import Synchronization

/// The database on a Redis server that sees nothing in the clear.
package final class RedisFindexDriver: DatabaseDriver {
    /// Writes that wait are gathered by the host and committed together.
    package static let writers: UInt32 = 1

    private let host: Host
    private let pool: RedisPool
    /// For `changes`, which waits for long.
    private let listener: RedisPool
    private let door: VaultDoor
    private let committer: Committer
    private let presence: Presence
    private let cache = ChainCache()
    private let isReadOnly: Bool
    private let backend: String
    private let failed = Atomic<Int>(0)
    private let compacted = Atomic<Int>(0)

    private static let changesPause_ms: UInt64 = 100

    private init(
        _ options: DriverOptions, host: Host, call: Call
    ) throws(DriverFailure) {
        self.host = host
        isReadOnly = options.isReadOnly
        presence = try Presence(database: options.url.database, host: host)
        let access = RedisAccess(url: options.url, tls: options.tls, name: presence.name)
        let pool = RedisPool(
            access, limit: options.connections, timeout_ns: options.timeout_ns, host: host)
        self.pool = pool
        listener = RedisPool(access, limit: 1, timeout_ns: options.timeout_ns, host: host)
        let door = VaultDoor(options.vault, password: options.masterPassword, host: host)
        self.door = door
        committer = Committer(pool, door, replicas: options.replicas, host: host)
        do throws(DriverFailure) {
            backend = try pool.use(for: call) { (connection) throws(DriverFailure) in
                let server = try ServerCheck(connection)
                try server.requireFit(isReadOnly: options.isReadOnly)
                _ = try door.inspect(connection)
                if let warning = server.warning { host.log(.warning, call: call, warning) }
                return server.backend
            }
        } catch {
            pool.closeIdle()
            throw error
        }
    }

    package static func open(
        _ options: OpenOptions, host: Host, call: Call
    ) throws(DriverFailure) -> RedisFindexDriver {
        guard options.tenant.isEmpty, !options.flags.contains(.foreign) else { throw .unsupported }
        try call.check(host)
        return try RedisFindexDriver(try DriverOptions(options, host), host: host, call: call)
    }

    package func close() {
        pool.closeIdle()
        listener.closeIdle()
    }

    package func cancel(_ callID: UInt64) {
        pool.cancel(callID)
        listener.cancel(callID)
    }

    private func use<R>(
        _ call: Call, _ body: (RedisConnection) throws(DriverFailure) -> R
    ) throws(DriverFailure) -> R {
        do throws(DriverFailure) {
            return try pool.use(for: call, body)
        } catch {
            failed.wrappingAdd(1, ordering: .relaxed)
            throw error
        }
    }

    private func requireWritable() throws(DriverFailure) {
        guard !isReadOnly else {
            throw DriverFailure(.unavailable, "Redis: the database was opened read-only")
        }
    }
}

extension RedisFindexDriver {
    package func get(
        _ requests: GetRequests, _ call: Call, into objects: inout ObjectsBuilder
    ) throws(DriverFailure) {
        if requests.isEmpty { return }
        try use(call) { (connection) throws(DriverFailure) in
            try committer.confirm(on: connection)
            let session = try ReadSession(connection, door)
            var wanted: [RecordReader.Wanted] = []
            for request in requests {
                let uid = Array(request.uid.utf8)
                wanted.append(.init(uid: uid, key: try session.vault.key(object: uid)))
            }
            let asksRights = requests.contains { !$0.who.isEmpty }
            var reader = RecordReader(session)
            try reader.forEach(wanted, withPermissions: asksRights) {
                (index, found) throws(DriverFailure) in
                let request = requests[index]
                try found.append(
                    parts: request.parts, who: request.who, knownRevision: request.knownRevision,
                    to: &objects)
                return true
            }
        }
    }

    package func query(
        _ query: Query, _ call: Call, into objects: inout ObjectsBuilder
    ) throws(DriverFailure) {
        try use(call) { (connection) throws(DriverFailure) in
            let session = try ReadSession(connection, door)
            try PageSearch(query, session).run(cache, into: &objects)
            compact(session)
        }
    }

    /// Mends what the search has found worn. The answer is there, whatever becomes of it.
    private func compact(_ session: ReadSession) {
        guard !isReadOnly, let keyword = cache.takeWorn() else { return }
        do throws(DriverFailure) {
            if try Compaction(session: session, host: host).run(keyword, committer.digest) {
                compacted.wrappingAdd(1, ordering: .relaxed)
            }
        } catch {
            host.log(.debug, "Redis: a keyword was not compacted: \(error)")
        }
    }

    package func grants(
        _ query: GrantsQuery, _ call: Call, into grants: inout GrantsBuilder
    ) throws(DriverFailure) {
        try use(call) { (connection) throws(DriverFailure) in
            try GrantsSearch(query, try ReadSession(connection, door)).run(cache, into: &grants)
        }
    }

    package func apply(
        _ writes: Writes, _ call: Call, into outcomes: inout Outcomes
    ) throws(DriverFailure) {
        try requireWritable()
        if writes.isEmpty { return }
        do throws(DriverFailure) {
            try committer.apply(writes, call, into: &outcomes)
        } catch {
            failed.wrappingAdd(1, ordering: .relaxed)
            throw error
        }
    }

    package func changes(
        since token: BorrowedBytes, _ call: Call, into changes: inout ChangesBuilder
    ) throws(DriverFailure) {
        do throws(DriverFailure) {
            try listener.use(for: call) { (connection) throws(DriverFailure) in
                let feed = ChangeFeed(session: try ReadSession(connection, door))
                while true {
                    let left_ms = connection.watch.remaining_ns.map { $0 / 1_000_000 } ?? .max
                    let pause = Int(min(Self.changesPause_ms, left_ms))
                    if try feed.read(since: token, waiting: pause, into: &changes) { return }
                    try connection.watch.check()
                }
            }
        } catch  where error.status == .deadline && !token.isEmpty {
            try changes.setToken(token)  // nothing happened, which is an answer
        }
    }
}

extension RedisFindexDriver {
    package func health(_ call: Call) throws(DriverFailure) {
        try pool.use(for: call) { (connection) throws(DriverFailure) in
            _ = try connection.run([Array("HGET".utf8), Metadata.name, Array("epoch".utf8)])
        }
    }

    package func context(_ call: Call) throws(DriverFailure) -> SchemaContext {
        var context = SchemaContext(state: .empty)
        context.supported = "\(Metadata.supported)"
        context.backend = backend
        switch try use(call, door.inspect) {
        case .empty: break
        case .foreign(let format):
            context.state = .foreign
            context.format = format
        case .vault(let vault):
            context.state = vault.metadata.contextState
            context.version = vault.metadata.host
            context.schema = "\(vault.metadata.schema)"
        }
        return context
    }

    package func migrate(_ call: Call) throws(DriverFailure) {
        try requireWritable()
        try use(call) { (connection) throws(DriverFailure) in
            try Upgrade(connection: connection, door: door, host: host).run()
        }
    }

    package func plan(_ call: Call) throws(DriverFailure) -> [String] {
        try use(call) { (connection) throws(DriverFailure) in
            try Upgrade(connection: connection, door: door, host: host).plan()
        }
    }

    package func clear(_ call: Call, _ others: OtherHosts) throws(DriverFailure) {
        try requireWritable()
        try use(call) { (connection) throws(DriverFailure) in
            let vault = try door.refreshed(connection)
            var respected: Presence?
            if case .respect = others { respected = presence }
            try Eraser(connection: connection, door: door).run(vault, respected)
            cache.removeAll()
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
            Statistic("writes.collided", "1", Double(committer.collisions)),
            Statistic(
                "index.compacted", "1", Double(compacted.load(ordering: .relaxed))),
        ]
    }
}
