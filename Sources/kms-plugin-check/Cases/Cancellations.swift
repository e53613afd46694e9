import Synchronization

/// Calls one after the other that another thread tries to cancel.
final class Cancellations: Sendable {
    private let latest = Mutex<Cancellation?>(nil)

    var current: UInt64? { latest.withLock { $0?.id } }

    func next() -> Cancellation {
        let fresh = Cancellation()
        latest.withLock { $0 = fresh }
        return fresh
    }
}
