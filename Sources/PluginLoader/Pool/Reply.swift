import Synchronization

/// An answer that comes once. Who comes second, be it a driver, a deadline or a cancellation, is
/// told so.
final class Reply<Answer: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<Result<Answer, DriverError>, Never>)
        case delivered(Result<Answer, DriverError>)
        case over
    }

    private let state = Mutex(State.open)

    var isAnswered: Bool {
        state.withLock {
            switch $0 {
            case .open, .awaited: false
            case .delivered, .over: true
            }
        }
    }

    /// Answers; false when somebody did before.
    @discardableResult
    func deliver(_ result: Result<Answer, DriverError>) -> Bool {
        let (isFirst, waiter) = state.withLock {
            state -> (Bool, CheckedContinuation<Result<Answer, DriverError>, Never>?) in
            switch state {
            case .open:
                state = .delivered(result)
                return (true, nil)
            case .awaited(let waiter):
                state = .over
                return (true, waiter)
            case .delivered, .over:
                return (false, nil)
            }
        }
        waiter?.resume(returning: result)
        return isFirst
    }

    /// Waits for the answer. To be called once.
    nonisolated(nonsending) func result() async -> Result<Answer, DriverError> {
        await withCheckedContinuation { waiter in
            let early = state.withLock { state -> Result<Answer, DriverError>? in
                if case .delivered(let result) = state {
                    state = .over
                    return result
                }
                state = .awaited(waiter)
                return nil
            }
            if let early { waiter.resume(returning: early) }
        }
    }
}
