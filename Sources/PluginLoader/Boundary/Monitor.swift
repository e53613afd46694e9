import CPlatform
import Glibc

/// State behind a POSIX mutex, with conditions that threads wait for.
///
/// `Synchronization.Mutex` has no condition to wait on, and a blocking pool must sleep without
/// occupying a thread of Swift's own.
package final class Monitor<State>: @unchecked Sendable {  // `mutex` guards `state`
    /// What a thread waits for.
    package enum Signal: Int, CaseIterable { case work, clock }

    /// What a look at the state found.
    package enum Verdict<Found> {
        case found(Found)
        case wait
        /// On `CLOCK_MONOTONIC`.
        case waitUntil(nanoseconds: UInt64)
    }

    private var state: State
    // POSIX objects must not move: they live on the heap until `deinit`, when no thread can be
    // inside, since each holds a reference.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let conditions: UnsafeMutablePointer<pthread_cond_t>

    package init(_ state: State) {
        self.state = state
        mutex = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        conditions = .allocate(capacity: Signal.allCases.count)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        for signal in Signal.allCases {
            pthread_cond_init(conditions + signal.rawValue, &attributes)
        }
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        for signal in Signal.allCases { pthread_cond_destroy(conditions + signal.rawValue) }
        pthread_mutex_destroy(mutex)
        conditions.deallocate()
        mutex.deallocate()
    }

    package func withLock<R>(_ body: (inout State) -> R) -> R {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(&state)
    }

    /// Blocks until `look` finds something. It is asked again after each signal, and its access to
    /// the state ends before the thread sleeps.
    package func wait<Found>(for signal: Signal, _ look: (inout State) -> Verdict<Found>) -> Found {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            switch look(&state) {
            case .found(let found): return found
            case .wait: pthread_cond_wait(conditions + signal.rawValue, mutex)
            case .waitUntil(let nanoseconds):
                var moment = timespec(
                    tv_sec: Int(nanoseconds / 1_000_000_000),
                    tv_nsec: Int(nanoseconds % 1_000_000_000))
                pthread_cond_timedwait(conditions + signal.rawValue, mutex, &moment)
            }
        }
    }

    /// Wakes one thread. To be called after the change, with or without the lock.
    package func wakeOne(_ signal: Signal) { pthread_cond_signal(conditions + signal.rawValue) }

    package func wakeAll(_ signal: Signal) { pthread_cond_broadcast(conditions + signal.rawValue) }
}
