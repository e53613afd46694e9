import CPlatform
import Glibc
import Synchronization
import Threads

/// A thread that looks, once a second, for quick functions that are not: no deadline ends a call on a
/// thread that serves others.
enum QuickWatch {
    private static let interval: UInt32 = 1
    /// A call that so many looks found is too long: 3 seconds, where 50 us were promised.
    private static let looks: UInt32 = 3
    /// Found at one look; others are found at the next that they are due.
    private static let most = 16

    private struct State {
        var isRunning = false
        var found: [UInt: @Sendable (String) -> Void] = [:]
    }
    private static let state = Mutex(State())

    /// Calls `found` with the function's name when a call of this driver is too long.
    static func add(_ driver: DriverMark, found: @escaping @Sendable (String) -> Void) {
        state.withLock { state in
            state.found[driver.identity] = found
            if !state.isRunning { state.isRunning = OwnThread.start(name: "kms-watch", watch) }
        }
    }

    static func remove(_ driver: DriverMark) {
        state.withLock { state in _ = state.found.removeValue(forKey: driver.identity) }
    }

    @Sendable private static func watch() {
        while true {
            sleep(interval)
            for (driver, function) in longCalls() {
                let found = state.withLock { $0.found[driver] }
                found?(function)
            }
        }
    }

    private static func longCalls() -> [(driver: UInt, function: String)] {
        withUnsafeTemporaryAllocation(of: platform_long_call.self, capacity: most) { calls in
            // Fills at most as many as there is room for; both texts of each live as long as the
            // process.
            let count = platform_find_long_calls(calls.baseAddress, calls.count, looks)
            return calls[..<count].map { call in
                (UInt(bitPattern: call.driver), String(cString: call.function))
            }
        }
    }
}
