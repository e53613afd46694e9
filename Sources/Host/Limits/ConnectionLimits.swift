import Synchronization

/// How many connections there may be, in all and from one address. Thread-safe.
package final class ConnectionLimits: Sendable {
    private struct Counts {
        var total = 0
        var byAddress: [String: Int] = [:]
    }

    private let totalMax: Int
    private let addressMax: Int
    private let counts = Mutex(Counts())

    /// - Parameters:
    ///   - total: The most connections.
    ///   - address: The most from one address; 0 for no limit of its own.
    package init(total: Int, address: Int) {
        totalMax = total
        addressMax = address
    }

    /// Counts a new connection; false when it is one too many, and not counted.
    func admit(_ address: String) -> Bool {
        counts.withLock { counts in
            guard counts.total < totalMax else { return false }
            if addressMax > 0 {
                let count = counts.byAddress[address, default: 0]
                guard count < addressMax else { return false }
                counts.byAddress[address] = count + 1
            }
            counts.total += 1
            return true
        }
    }

    /// A connection that was admitted has ended.
    func end(_ address: String) {
        counts.withLock { counts in
            counts.total -= 1
            guard addressMax > 0, let count = counts.byAddress[address] else { return }
            counts.byAddress[address] = count > 1 ? count - 1 : nil
        }
    }

    var count: Int { counts.withLock(\.total) }
}
