import Dispatch
import PluginKit
import SQLStore
import Synchronization

/// Connections to the server, each used by one call at a time, opened when they are needed.
final class RedisPool: @unchecked Sendable {
    private struct State {
        /// Used last at the end.
        var idle: [RedisConnection] = []
        var open = 0
        var waiting = 0
        var watches: [ObjectIdentifier: CallWatch] = [:]
        var reconnection = Reconnection()
    }

    // Connections are not Sendable: each is touched only by who has taken it out of `state`.
    private let state = Mutex(State())
    private let free: DispatchSemaphore
    private let host: Host
    private let access: RedisAccess
    private let timeout_ns: UInt64

    private static let pause_ms = 20

    init(_ access: RedisAccess, limit: Int, timeout_ns: UInt64, host: Host) {
        self.access = access
        self.timeout_ns = timeout_ns
        self.host = host
        free = DispatchSemaphore(value: max(limit, 1))
    }

    /// Runs `body` on a connection, alone.
    func use<R>(
        for call: Call, _ body: (RedisConnection) throws(DriverFailure) -> R
    ) throws(DriverFailure) -> R {
        try waitForTurn(call)
        defer { free.signal() }
        let connection = try take(call)
        defer { give(connection) }
        try connection.watch.begin(call)
        return try body(connection)
    }

    private func waitForTurn(_ call: Call) throws(DriverFailure) {
        if free.wait(timeout: .now()) == .success { return }
        state.withLock { $0.waiting += 1 }
        defer { state.withLock { $0.waiting -= 1 } }
        while free.wait(timeout: .now() + .milliseconds(Self.pause_ms)) == .timedOut {
            try call.check(host)
        }
    }

    private func take(_ call: Call) throws(DriverFailure) -> RedisConnection {
        while let connection = state.withLock({ $0.idle.popLast() }).map(Unshared.init)?.value {
            if connection.isUsable { return connection }
            discard(connection)
        }
        try call.check(host)
        let now = host.monotonic_ns
        switch state.withLock({ $0.reconnection.ask(now_ns: now) }) {
        case .refuse(let failure): throw failure
        case .tryNow: break
        }
        do throws(DriverFailure) {
            let connection = try connect(call)
            state.withLock { $0.reconnection.succeeded() }
            return connection
        } catch {
            try note(error, since: now)
        }
    }

    private func connect(_ call: Call) throws(DriverFailure) -> RedisConnection {
        let watch = CallWatch(host: host)
        // Known before it connects, so that `cancel` reaches it.
        let id = ObjectIdentifier(watch)
        state.withLock { $0.watches[id] = watch }
        do throws(DriverFailure) {
            try watch.begin(call, latest_ns: host.monotonic_ns &+ timeout_ns)
            let connection = try RedisConnection(access, watch: watch)
            watch.end()
            state.withLock { $0.open += 1 }
            return connection
        } catch {
            state.withLock { $0.watches[id] = nil }
            throw error
        }
    }

    private func note(_ failure: DriverFailure, since start_ns: UInt64) throws(DriverFailure)
        -> Never
    {
        let now = host.monotonic_ns
        let jitter = Double.random(in: 0...1)
        var failure = failure
        if failure.status == .deadline, now &- start_ns >= timeout_ns {
            failure = DriverFailure(
                .unavailable, "Redis: \(access.url.place) did not answer in time", flags: .retryable
            )
        }
        state.withLock { state in
            // A call that gave up early says nothing about the server.
            if failure.status == .cancelled || failure.status == .deadline {
                state.reconnection.gaveUp()
            } else {
                state.reconnection.failed(failure, now_ns: now, jitter: jitter)
            }
        }
        throw failure
    }

    private func give(_ connection: RedisConnection) {
        connection.watch.end()
        guard !connection.isSpent else {
            discard(connection)
            // What ended one has probably ended all: none is trusted unseen.
            return closeIdle()
        }
        let kept = Unshared(connection)
        state.withLock { $0.idle.append(kept.value) }
    }

    private func discard(_ connection: RedisConnection) {
        let id = ObjectIdentifier(connection.watch)
        state.withLock { state in
            state.open -= 1
            state.watches[id] = nil
        }
        connection.close()
    }

    /// Closes what is not in use.
    func closeIdle() {
        while let connection = state.withLock({ $0.idle.popLast() }).map(Unshared.init)?.value {
            discard(connection)
        }
    }

    func cancel(_ callID: UInt64) {
        for watch in state.withLock({ Array($0.watches.values) }) { watch.cancel(callID) }
    }

    /// Connections that are open, those in use, and calls that wait for one.
    var counts: (open: Int, inUse: Int, waiting: Int) {
        state.withLock { ($0.open, $0.open - $0.idle.count, $0.waiting) }
    }
}

/// A connection on its way from one owner to the next.
private struct Unshared: @unchecked Sendable {
    let value: RedisConnection
    init(_ value: RedisConnection) { self.value = value }
}
