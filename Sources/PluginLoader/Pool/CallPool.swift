import Synchronization
import Threads

/// The threads of one handle: they make the calls that may block, as many at once as the driver
/// was promised. Made when first needed, gone when the handle is closed.
final class CallPool: Sendable {
    /// What a driver gets beyond a deadline, to answer for itself.
    static let grace: UInt64 = 250_000_000

    private struct State {
        var queue: CallQueue
        var threads = 0
        /// Threads that sleep, those woken but not yet running included.
        var idle = 0
        var hasClock = false
        /// When the clock looks again at the latest.
        var clockAt = UInt64.max
    }

    private let name: String
    private let hangs: Hangs
    private let slots: CallSlots
    private let monitor: Monitor<State>
    private let isClosing = Atomic(false)

    /// - Parameters:
    ///   - name: Of the threads, with a number added.
    ///   - writers: Most `apply` calls at once; 0 for no limit of their own.
    init(name: String, concurrency: Int, writers: Int, hangs: Hangs) {
        self.name = name
        self.hangs = hangs
        slots = CallSlots(concurrency)
        monitor = Monitor(State(queue: CallQueue(slots: concurrency, writers: writers)))
    }

    /// Requests that are in no call yet.
    var waiting: Int { monitor.withLock { $0.queue.waiting } }

    /// Why requests of some line are refused: calls that hang are in their way. nil when none is.
    var obstacle: DriverError? {
        let refusal = monitor.withLock { state in
            state.queue.obstacle(for: .alone) ?? state.queue.obstacle(for: .applies)
        }
        return refusal.flatMap(error(for:))
    }

    // MARK: Inline

    /// Makes a short call on this thread; nil when all slots are taken or the handle is closed.
    @inline(__always)
    func inline<R, E: Error>(_ call: () throws(E) -> R) throws(E) -> R? {
        guard slots.take() else { return nil }
        defer { giveBackSlot() }
        // Looked at after taking: the closer waits for every slot that was taken before.
        guard !isClosing.load(ordering: .sequentiallyConsistent) else { return nil }
        return try call()
    }

    private func giveBackSlot() {
        guard slots.giveBack() else { return }
        // The sleeper holds the lock from its last look until it sleeps.
        monitor.withLock { _ in }
        monitor.wakeAll(.work)
    }

    // MARK: Waiting for a call

    /// Hands a request to the threads and waits for its answer, its deadline or the cancellation
    /// of the task, whichever comes first.
    nonisolated(nonsending) func perform<T: AnsweredTicket>(
        _ ticket: T
    ) async throws(DriverError) -> T.Answer {
        let result = await withTaskCancellationHandler {
            submit(ticket)
            return await ticket.reply.result()
        } onCancel: {
            giveUp(ticket, .cancelled)
        }
        return try result.get()
    }

    private func submit(_ ticket: any Ticket) {
        if ticket.deadline.hasPassed { return ticket.abandon(DriverError(status: .deadline)) }
        let refusal = monitor.withLock { state -> CallQueue.Refusal? in
            if let refusal = state.queue.add(ticket) { return refusal }
            if !ticket.deadline.isNone { watch(until: ticket.deadline.nanoseconds, &state) }
            if state.idle > 0 { monitor.wakeOne(.work) }
            if state.queue.ready > state.idle && state.threads < slots.total { addThread(&state) }
            return nil
        }
        if let error = refusal.flatMap(error(for:)) { ticket.abandon(error) }
    }

    /// nil: the request has its answer.
    private func error(for refusal: CallQueue.Refusal) -> DriverError? {
        switch refusal {
        case .answered: return nil
        case .closed: return DriverError(status: .unavailable, message: "\(name): closed")
        case .full:
            return DriverError(
                status: .exhausted, isRetryable: true,
                message: "\(name): \(Limits.waiting) requests are waiting")
        case .hung(let function, let since):
            let age = Hangs.seconds(monotonicNanoseconds() &- since)
            return DriverError(
                status: .unavailable,
                message: "\(name): \(function) does not return, cancelled \(age) ago; "
                    + "restart the server if this stays")
        }
    }

    private func giveUp(_ ticket: any Ticket, _ status: DriverStatus) {
        monitor.withLock { state in leave(ticket, status, &state) }
    }

    /// Decided and answered under the lock, so that a request which gave up is not taken after.
    private func leave(_ ticket: any Ticket, _ status: DriverStatus, _ state: inout State) {
        var error = DriverError(status: status)
        let departure = state.queue.remove(ticket)
        switch departure {
        case .none, .left: break
        case .inFlight, .last: error.isInDoubt = ticket.line == .applies
        }
        // Before the driver hears of it: what it answers then is not this request's answer.
        ticket.abandon(error)
        guard case .last(let flight) = departure else { return }
        flight.state.isCancelled.store(true, ordering: .relaxed)
        let now = monotonicNanoseconds()
        state.queue.giveUp(flight, now: now)
        watch(until: now &+ hangs.patience, &state)
        // Within the lock the call cannot end, so the driver only hears of calls in flight.
        // It must not block here.
        ticket.cancelCall(flight.state.id)
    }

    // MARK: Threads

    private func addThread(_ state: inout State) {
        state.threads += 1
        if OwnThread.start(name: "\(name)-\(state.threads)", { [self] in work() }) { return }
        state.threads -= 1
        guard state.threads == 0 else { return }
        // Nobody would ever answer.
        let error = DriverError(
            status: .exhausted, isRetryable: true,
            message: "\(name): the system has no threads left")
        for ticket in state.queue.drain() { ticket.abandon(error) }
    }

    private func work() {
        while let flight = nextFlight() {
            flight.tickets[0].run(flight.tickets, flight.plan)
            let givenUpAt = monitor.withLock { $0.queue.finish(flight) }
            giveBackSlot()
            guard let givenUpAt else { continue }
            hangs.returned(
                flight.tickets[0].function, after: monotonicNanoseconds() &- givenUpAt)
        }
    }

    /// Sleeps until there is a call to make; nil when the handle is closed.
    private func nextFlight() -> CallQueue.Flight? {
        var wasIdle = false
        return monitor.wait(for: .work) { state in
            if wasIdle { state.idle -= 1 }
            wasIdle = false
            if state.queue.isClosed {
                state.threads -= 1
                monitor.wakeAll(.work)
                return .found(nil)
            }
            if state.queue.ready > 0, takeSlotOrAnnounce() {
                if let flight = state.queue.take() {
                    if state.queue.ready > 0 && state.idle > 0 { monitor.wakeOne(.work) }
                    return .found(flight)
                }
                _ = slots.giveBack()
            }
            state.idle += 1
            wasIdle = true
            return .wait
        }
    }

    private func takeSlotOrAnnounce() -> Bool {
        if slots.take() { return true }
        slots.announceSleeper()
        return slots.take()
    }

    // MARK: Clock

    private func watch(until moment: UInt64, _ state: inout State) {
        if !state.hasClock {
            state.hasClock = OwnThread.start(name: "\(name)-clock") { [self] in keepTime() }
        }
        guard moment < state.clockAt else { return }
        state.clockAt = moment
        monitor.wakeOne(.clock)
    }

    /// Answers requests whose time is over, and finds calls that hang. Looks when the earliest one
    /// known is due, not for each: deadlines mostly come in order, and a wake-up costs more than a
    /// call.
    private func keepTime() {
        // Said outside of the lock: a log may be slow.
        while let hung = nextHung() {
            for (function, count) in hung { hangs.found(function, hanging: count, of: slots.total) }
        }
    }

    /// Keeps time until calls are found to hang; nil when the handle is closed.
    private func nextHung() -> [(function: StaticString, hanging: Int)]? {
        monitor.wait(for: .clock) { state in
            let now = monotonicNanoseconds()
            for ticket in state.queue.expired(now: now, grace: Self.grace) {
                leave(ticket, .deadline, &state)
            }
            let hung = state.queue.newlyHung(now: now, patience: hangs.patience)
            if !hung.isEmpty {
                for (ticket, refusal) in state.queue.drainBlocked() {
                    if let error = error(for: refusal) { ticket.abandon(error) }
                }
                return .found(hung.map { ($0.tickets[0].function, state.queue.hangs) })
            }
            if state.queue.isClosed && state.queue.isIdle {
                state.hasClock = false
                monitor.wakeAll(.work)
                return .found(nil)
            }
            if let next = state.queue.nextEvent(grace: Self.grace, patience: hangs.patience) {
                state.clockAt = next
            } else if state.clockAt <= now {
                state.clockAt = .max
            }
            return state.clockAt == .max ? .wait : .waitUntil(nanoseconds: state.clockAt)
        }
    }

    // MARK: Closing

    /// Takes no more calls, waits on a thread of its own until none is in flight and the threads
    /// are gone, and calls `end` there.
    func close(_ end: @escaping @Sendable () -> Void) {
        isClosing.store(true, ordering: .sequentiallyConsistent)
        let left = monitor.withLock { $0.queue.close() }
        let error = DriverError(status: .unavailable, message: "\(name): closed")
        for ticket in left { ticket.abandon(error) }
        monitor.wakeAll(.work)
        monitor.wakeAll(.clock)
        let finish: @Sendable () -> Void = { [self] in
            drain()
            end()
        }
        // Without a thread to spare it waits here.
        if !OwnThread.start(name: "\(name)-close", finish) { finish() }
    }

    private func drain() {
        monitor.wait(for: .work) { state -> Monitor<State>.Verdict<Void> in
            if state.queue.isIdle { monitor.wakeAll(.clock) }
            let areThreadsGone = state.queue.isIdle && state.threads == 0 && !state.hasClock
            if areThreadsGone && slots.areAllFree { return .found(()) }
            slots.announceSleeper()
            return areThreadsGone && slots.areAllFree ? .found(()) : .wait
        }
    }
}
