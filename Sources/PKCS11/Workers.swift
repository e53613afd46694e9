import Dispatch
import PluginKit
import Synchronization
import Threads

/// Threads that talk to the device, so that a call which never returns holds one of them and not its
/// caller. As many as there may be sessions.
final class Workers: Sendable {
    private struct State {
        var tasks: [Task] = []
        var threads = 0, idle = 0
        /// Threads whose caller has given up.
        var hung = 0
        var isClosed = false
    }

    private final class Task: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private let name: String
    private let limit: Int
    private let state = Mutex(State())
    private let work = DispatchSemaphore(value: 0)

    /// How often a waiting caller looks whether its call was cancelled.
    private static let poll = DispatchTimeInterval.milliseconds(20)
    /// How long the end of a slot waits for its threads.
    private static let patience_ms = 2000

    init(name: String, limit: Int) {
        self.name = name
        self.limit = max(limit, 1)
    }

    var hung: Int { state.withLock { $0.hung } }
    /// How many tasks could begin at once.
    var free: Int { state.withLock { limit - ($0.threads - $0.idle) } }

    /// Runs `bodies`, each on a thread, and waits for them until the call's time is over.
    ///
    /// - Returns: One result for each; nil for one that is still at work.
    func run<R: Sendable>(
        _ call: Call, _ host: Host, _ watch: Watch, _ bodies: [@Sendable () -> R]
    ) throws(DriverFailure) -> [R?] {
        let jobs = bodies.map { _ in Job<R>() }
        for (job, body) in zip(jobs, bodies) {
            try submit { [self] in
                let wasAbandoned = job.finish(body())
                if wasAbandoned { state.withLock { $0.hung -= 1 } }
                job.done.signal()
            }
        }
        return jobs.map { job in wait(for: job, call, host, watch) }
    }

    private func wait<R>(for job: Job<R>, _ call: Call, _ host: Host, _ watch: Watch) -> R? {
        while true {
            var pause = DispatchTime.now() + Self.poll
            if call.deadline_ns != 0 {
                let now = host.monotonic_ns
                let left = call.deadline_ns > now ? call.deadline_ns - now : 0
                pause = min(pause, .now() + .nanoseconds(Int(clamping: left)))
            }
            if job.done.wait(timeout: pause) == .success { return job.result }
            let isOver = call.deadline_ns != 0 && host.monotonic_ns >= call.deadline_ns
            guard isOver || call.isCancelled else { continue }
            watch.abandon()
            // Before the thread can count itself free again.
            state.withLock { $0.hung += 1 }
            if job.abandon() { return nil }
            state.withLock { $0.hung -= 1 }
            return job.result
        }
    }

    private func submit(_ body: @escaping @Sendable () -> Void) throws(DriverFailure) {
        let task = Task(body)
        let isNewNeeded = try state.withLock { (state) throws(DriverFailure) -> Bool in
            guard state.hung < limit else {
                throw DriverFailure(
                    .unavailable, "\(name): \(state.hung) calls do not return: the device hangs",
                    flags: .retryable)
            }
            state.tasks.append(task)
            guard state.idle < state.tasks.count, state.threads < limit else { return false }
            state.threads += 1
            return true
        }
        if isNewNeeded && !OwnThread.start(name: name, { [self] in serve() }) {
            let isNobodyThere = state.withLock { state in
                state.threads -= 1
                if state.threads == 0 { state.tasks.removeAll { $0 === task } }
                return state.threads == 0
            }
            if isNobodyThere {
                throw DriverFailure(
                    .exhausted, "\(name): the system has no threads left", flags: .retryable)
            }
        }
        work.signal()
    }

    private func serve() {
        while true {
            state.withLock { $0.idle += 1 }
            work.wait()
            let task = state.withLock { state -> Task? in
                state.idle -= 1
                return state.tasks.isEmpty ? nil : state.tasks.removeFirst()
            }
            if let task {
                task.body()
            } else if state.withLock({ $0.isClosed }) {
                break
            }
        }
        state.withLock { $0.threads -= 1 }
    }

    /// Ends the threads; false when one of them does not come back.
    func close() -> Bool {
        let threads = state.withLock { state in
            state.isClosed = true
            return state.threads
        }
        for _ in 0..<threads { work.signal() }
        let pause = DispatchSemaphore(value: 0)
        for _ in 0..<Self.patience_ms {
            if state.withLock({ $0.threads }) == 0 { return true }
            _ = pause.wait(timeout: .now() + .milliseconds(1))
        }
        return false
    }
}

/// What one thread does for one caller.
private final class Job<R: Sendable>: Sendable {
    private enum State {
        case running
        case finished(R)
        case abandoned
    }

    let done = DispatchSemaphore(value: 0)
    private let state = Mutex<State>(.running)

    /// True when nobody waits any more.
    func finish(_ result: R) -> Bool {
        state.withLock { state in
            if case .abandoned = state { return true }
            state = .finished(result)
            return false
        }
    }

    /// False when it was finished before.
    func abandon() -> Bool {
        state.withLock { state in
            guard case .running = state else { return false }
            state = .abandoned
            return true
        }
    }

    var result: R? {
        state.withLock { state in
            if case .finished(let result) = state { return result }
            return nil
        }
    }
}
