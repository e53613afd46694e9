import Synchronization

/// Listens to the changes of a handle on a thread of its own while others write.
final class ChangeListener: Sendable {
    private struct State {
        var seen: Set<String> = []
        var token: [UInt8] = []
        /// A driver that remembers little may lose what a slow listener did not fetch.
        var isLost = false
    }

    private let database: Database
    private let test: Test
    private let state: Mutex<State>
    private let isEnding = Counter()
    private let thread = Mutex<Background<Void>?>(nil)

    private static let waitNanoseconds: UInt64 = 100_000_000

    init(_ database: Database, _ test: Test) throws {
        self.database = database
        self.test = test
        guard test.driver.lacks(.function(.changes)) == nil else {
            state = Mutex(State(isLost: true))
            return
        }
        state = Mutex(State(token: try database.changes(since: []).token))
        let background = Background { [self] in
            while isEnding.value == 0 { try listen() }
        }
        thread.withLock { $0 = background }
    }

    /// Fetches what is left, and notes what was never told.
    func finish(expecting written: Set<String>) throws {
        isEnding.add()
        try thread.withLock { $0 }?.join()
        if state.withLock({ $0.isLost }) { return }
        while try listen() > 0 {}
        let (seen, isLost) = state.withLock { ($0.seen, $0.isLost) }
        let missed = isLost ? [] : written.subtracting(seen)
        test.check(missed.isEmpty, "\(missed.count) changes were never told: \(missed.prefix(3))")
    }

    @discardableResult private func listen() throws -> Int {
        let token = state.withLock { $0.token }
        let end = test.host.now + Self.waitNanoseconds
        let changes = try database.with { $0.deadline = end }.changes(since: token)
        state.withLock { state in
            state.seen.formUnion(changes.uids)
            state.token = changes.token
            state.isLost = state.isLost || changes.isLost
        }
        return changes.uids.count
    }
}
