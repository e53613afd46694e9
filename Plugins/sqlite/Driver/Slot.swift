import PluginKit
import SQLStore
import Synchronization

/// A connection that one call at a time may use. It is opened when it is first used.
final class Slot: @unchecked Sendable {
    typealias Session = StoreSession<SQLiteConnection>

    // `session` is touched only by whoever has set `isTaken`; `watch` is safe from every thread.
    private let isTaken = Atomic<Bool>(false)
    private var session: Session?
    private let watch = Mutex<Watch?>(nil)
    private let isOpen = Atomic<Bool>(false)
    private let make: @Sendable () throws(DriverFailure) -> Session

    init(_ make: @escaping @Sendable () throws(DriverFailure) -> Session) { self.make = make }

    /// Opens the connection before it is needed. Only while nobody else knows the slot.
    func open() throws(DriverFailure) { _ = try opened() }

    /// Takes the slot for a call. False: it is in use, or, for an inline call, not open yet.
    func take(isInline: Bool) -> Bool {
        if isInline, !isOpen.load(ordering: .acquiring) { return false }
        return isTaken.compareExchange(
            expected: false, desired: true, successOrdering: .acquiring,
            failureOrdering: .relaxed
        ).exchanged
    }

    /// Runs `body` in a slot that the caller has taken, and gives it back.
    func use(
        for call: Call, _ body: (Session) throws(DriverFailure) -> Void
    ) throws(DriverFailure) {
        defer { isTaken.store(false, ordering: .releasing) }
        let session = try opened()
        try session.connection.watch.begin(call)
        defer { session.connection.watch.end() }
        try body(session)
    }

    func cancel(_ callID: UInt64) { watch.withLock { $0?.cancel(callID) } }

    /// Gives up the connection. No call is in flight.
    func close(_ last: (Session) -> Void = { _ in }) {
        if let session { last(session) }
        watch.withLock { $0 = nil }
        session = nil
        isOpen.store(false, ordering: .releasing)
    }

    /// Whether there is a connection, for statistics.
    var hasConnection: Bool { isOpen.load(ordering: .relaxed) }

    private func opened() throws(DriverFailure) -> Session {
        if let session { return session }
        let fresh = try make()
        session = fresh
        watch.withLock { $0 = fresh.connection.watch }
        isOpen.store(true, ordering: .releasing)
        return fresh
    }
}
