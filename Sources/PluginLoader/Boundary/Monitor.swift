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

/// A thread of ours, which may block. It runs to the end of its body; nobody joins it.
package enum OwnThread {
    /// False when the system has none left.
    ///
    /// - Parameter name: Shown by `ps -T`; cut to 15 bytes.
    package static func start(name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
        // Signals belong to the threads that the host made for them, save those that a thread
        // causes itself: blocked, they would end the process without a word.
        var most = sigset_t()
        var before = sigset_t()
        sigfillset(&most)
        for fatal in [SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP] { sigdelset(&most, fatal) }
        pthread_sigmask(SIG_SETMASK, &most, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }

        // The new thread takes over this reference; on failure it is given back here.
        let start = Unmanaged.passRetained(Start(name, body))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                platform_name_thread(start.name)
                start.body()
                return nil
            }, start.toOpaque())
        guard status == 0 else {
            start.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    /// Runs `body`, which may block for ever, and waits for it for a limited time.
    ///
    /// - Returns: nil when it did not end in time. It goes on then, and what it returns is lost.
    static func run<R: Sendable>(
        name: String, within limit: Duration, _ body: @escaping @Sendable () -> R
    ) -> R? {
        let answer = Monitor<R?>(nil)
        let end = Deadline.after(limit)
        let hasStarted = start(name: name) {
            let result = body()
            answer.withLock { $0 = result }
            answer.wakeAll(.work)
        }
        // Without a thread to spare there is nobody to wait for.
        guard hasStarted else { return body() }
        return answer.wait(for: .work) { answer in
            if let answer { return .found(answer) }
            if end.hasPassed { return .found(nil) }
            return end.isNone ? .wait : .waitUntil(nanoseconds: end.nanoseconds)
        }
    }

    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(_ name: String, _ body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
}
