import Dispatch
import PluginKit
import Synchronization

/// A connection over a network, which may break at any time.
package protocol NetworkConnection: SQLConnection, SendableMetatype {
    /// Ends the waits of the call that uses the connection.
    var watch: CallWatch { get }
    /// It, or the server behind it, is of no more use.
    var isSpent: Bool { get }
    /// As far as can be told without a round trip. Only between calls.
    var isUsable: Bool { get }
    /// After the watch has begun a call.
    func beginCall() throws(DriverFailure)
    /// Sends what is still to be sent; waits for nothing.
    func endCall()
    func close()
}

/// Connections to one server, each used by one call at a time, opened when they are needed.
package final class ConnectionPool<Connection: NetworkConnection>: @unchecked Sendable {
    package typealias Session = StoreSession<Connection>

    private struct State {
        /// Used last at the end, so that surplus ones grow old.
        var idle: [Session] = []
        var open = 0
        var waiting = 0
        var isClosed = false
        /// All there are, for `cancel`.
        var watches: [ObjectIdentifier: CallWatch] = [:]
        var reconnection = Reconnection()
        var contact = Contact()
    }

    // Sessions are not Sendable: each is touched only by who has taken it out of `state`.
    private let state = Mutex(State())
    private let free: DispatchSemaphore
    private let host: Host
    private let connect: @Sendable (Call, UInt64) throws(DriverFailure) -> Session

    private static var pause_ms: Int { 20 }
    /// A deadline that passed after so long a time speaks against the server.
    private static var patience_ns: UInt64 { 1_000_000_000 }

    /// - Parameters:
    ///   - limit: Connections at once, 1 at least; further calls wait.
    ///   - connect: Makes a connection for a call before the deadline, which is 0 for none.
    package init(
        limit: Int, host: Host,
        connect: @escaping @Sendable (Call, UInt64) throws(DriverFailure) -> Session
    ) {
        free = DispatchSemaphore(value: max(limit, 1))
        self.host = host
        self.connect = connect
    }

    /// Runs `body` on a connection, alone.
    ///
    /// - Parameter isHurried: Waits for a server that has not been heard of lately no longer than
    ///   some hundredths of a second.
    package func use(
        for call: Call, isHurried: Bool = false,
        _ body: (Session) throws(DriverFailure) -> Void
    ) throws(DriverFailure) {
        try waitForTurn(call)
        defer { free.signal() }
        let now_ns = host.monotonic_ns
        let deadline_ns = isHurried ? state.withLock { $0.contact.deadline(now_ns: now_ns) } : 0
        let session = try take(call, deadline_ns)
        do throws(DriverFailure) {
            try session.connection.watch.begin(call, latest_ns: deadline_ns)
            try session.connection.beginCall()
            try body(session)
        } catch {
            give(session, failed: true)
            throw error
        }
        give(session, failed: false)
    }

    private func waitForTurn(_ call: Call) throws(DriverFailure) {
        if free.wait(timeout: .now()) == .success { return }
        state.withLock { $0.waiting += 1 }
        defer { state.withLock { $0.waiting -= 1 } }
        while free.wait(timeout: .now() + .milliseconds(Self.pause_ms)) == .timedOut {
            try call.check(host)
        }
    }

    private func take(_ call: Call, _ deadline_ns: UInt64) throws(DriverFailure) -> Session {
        while let session = state.withLock({ $0.idle.popLast() }).map(Unshared.init) {
            if session.value.connection.isUsable { return session.value }
            discard(session.value)
        }
        let now = host.monotonic_ns
        switch state.withLock({ $0.reconnection.ask(now_ns: now) }) {
        case .refuse(let failure): throw failure
        case .tryNow: break
        }
        do throws(DriverFailure) {
            let session = try connect(call, deadline_ns)
            let watch = session.connection.watch
            let done = host.monotonic_ns
            state.withLock { state in
                state.open += 1
                state.watches[ObjectIdentifier(session)] = watch
                state.reconnection.succeeded()
                state.contact.connected(from_ns: now, to_ns: done)
            }
            return session
        } catch {
            noteFailureToConnect(error, since: now)
            throw error
        }
    }

    private func noteFailureToConnect(_ failure: DriverFailure, since start_ns: UInt64) {
        let now = host.monotonic_ns
        let jitter = Double.random(in: 0...1)
        var failure = failure
        if failure.status == .deadline, now &- start_ns >= Self.patience_ns {
            failure = DriverFailure(
                .unavailable, "the database did not answer in time", flags: .retryable)
        }
        state.withLock { state in
            // A call that gave up early says nothing about the server.
            if failure.status == .cancelled || failure.status == .deadline {
                state.reconnection.gaveUp()
            } else {
                state.reconnection.failed(failure, now_ns: now, jitter: jitter)
            }
        }
    }

    private func give(_ session: Session, failed: Bool) {
        session.connection.endCall()
        session.connection.watch.end()
        guard !session.connection.isSpent else {
            discard(session)
            // What broke one connection has probably broken all: none is trusted unseen.
            state.withLock { $0.contact.lost() }
            return closeIdle()
        }
        let now = host.monotonic_ns
        let kept = Unshared(session)
        state.withLock { state in
            if !failed { state.contact.heard(at_ns: now) }
            state.idle.append(kept.value)
        }
    }

    private func discard(_ session: Session) {
        let id = ObjectIdentifier(session)
        state.withLock { state in
            state.open -= 1
            state.watches[id] = nil
        }
        session.connection.close()
    }

    /// Closes what is not in use.
    package func closeIdle() {
        while let session = state.withLock({ $0.idle.popLast() }).map(Unshared.init) {
            discard(session.value)
        }
    }

    package func cancel(_ callID: UInt64) {
        for watch in state.withLock({ Array($0.watches.values) }) { watch.cancel(callID) }
    }

    /// Connections that are open, those in use, and calls that wait for one.
    package var counts: (open: Int, inUse: Int, waiting: Int) {
        state.withLock { ($0.open, $0.open - $0.idle.count, $0.waiting) }
    }
}

/// A session on its way from one owner to the next.
private struct Unshared<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}
