import Synchronization

/// The calls that may be in flight on a handle at once: the promise of `concurrency`, kept across
/// the pool's threads and the threads that call inline.
final class CallSlots: Sendable {
    let total: Int
    private let free: Atomic<Int>
    /// Somebody found none and sleeps: whoever gives one back must wake.
    private let isMissed = Atomic(false)

    init(_ total: Int) {
        self.total = total
        free = Atomic(total)
    }

    var areAllFree: Bool { free.load(ordering: .sequentiallyConsistent) == total }

    func take() -> Bool {
        var seen = free.load(ordering: .relaxed)
        while seen > 0 {
            let (exchanged, original) = free.weakCompareExchange(
                expected: seen, desired: seen - 1, ordering: .sequentiallyConsistent)
            if exchanged { return true }
            seen = original
        }
        return false
    }

    /// To be set before a last look, and then a sleep.
    func announceSleeper() { isMissed.store(true, ordering: .sequentiallyConsistent) }

    /// Gives one back; true when sleepers must be woken.
    func giveBack() -> Bool {
        free.add(1, ordering: .sequentiallyConsistent)
        // Sequential consistency: either the sleeper's last look sees the slot, or this sees
        // the sleeper.
        guard isMissed.load(ordering: .sequentiallyConsistent) else { return false }
        return isMissed.exchange(false, ordering: .sequentiallyConsistent)
    }
}
