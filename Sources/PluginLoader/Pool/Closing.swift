import Synchronization

/// The end of a handle: once, after the last call on any of its pools.
final class Closing: Sendable {
    private struct State {
        var hasBegun = false
        var isOver = false
        var waiters: [@Sendable () -> Void] = []
    }

    private let handle: OpenHandle
    private let pools: [CallPool]
    private let closed: @Sendable () -> Void
    private let state = Mutex(State())

    /// - Parameter closed: Called after the driver's `close`, before those who wait.
    init(_ handle: OpenHandle, _ pools: [CallPool], _ closed: @escaping @Sendable () -> Void) {
        self.handle = handle
        self.pools = pools
        self.closed = closed
    }

    /// Calls `body` when the handle is closed, at once if it is.
    func whenOver(_ body: @escaping @Sendable () -> Void) {
        let isOver = state.withLock { state in
            if !state.isOver { state.waiters.append(body) }
            return state.isOver
        }
        if isOver { body() }
    }

    /// Begins to close. Whoever comes second changes nothing.
    func begin() {
        let isFirst = state.withLock { state in
            defer { state.hasBegun = true }
            return !state.hasBegun
        }
        if isFirst { close(pools[...]) }
    }

    /// One pool after the other, then the handle, on a thread that may block.
    private func close(_ rest: ArraySlice<CallPool>) {
        guard let pool = rest.first else {
            handle.close()
            closed()
            let waiters = state.withLock { state in
                state.isOver = true
                return state.waiters
            }
            for waiter in waiters { waiter() }
            return
        }
        pool.close { self.close(rest.dropFirst()) }
    }
}
