import CPKCS11
import Dispatch
import PluginKit
import Synchronization

/// Sessions of a slot, each used by one thread at a time, opened when they are needed.
final class SessionPool: Sendable {
    /// A session in use.
    struct Held: Sendable {
        let session: Session
        let stamp: Stamp
        /// The login's own, since the device has no other.
        fileprivate let isLent: Bool
    }

    private struct State {
        /// Used last at the end.
        var idle: [Held] = []
        var open = 0
        var limit: Int
        /// When a device that had no more sessions is asked for more again.
        var growAt_ns = UInt64.max
        var isLent = false
        var waiters: [Waiter] = []
    }

    private final class Waiter: Sendable {
        let wakeUp = DispatchSemaphore(value: 0)
    }

    private let login: Login
    private let host: Host
    private let limit: Int
    private let state: Mutex<State>

    private static let poll = DispatchTimeInterval.milliseconds(20)
    private static let growPause_ns: UInt64 = 10_000_000_000

    init(limit: Int, login: Login, host: Host) {
        self.limit = max(limit, 1)
        self.login = login
        self.host = host
        state = Mutex(State(limit: max(limit, 1)))
    }

    /// Sessions that are open, those in use, and calls that wait for one.
    var counts: (open: Int, inUse: Int, waiting: Int) {
        state.withLock { ($0.open, $0.open - $0.idle.count, $0.waiters.count) }
    }

    private enum Step {
        case use(Held)
        case discard(Held)
        case open
        case lend
        case wait(Waiter)
    }

    /// A session that is valid as far as is known.
    func take(_ watch: Watch) throws(Trouble) -> Held {
        while true {
            let stamp = try inTrouble { () throws(DriverFailure) in try login.current() }
            switch next(stamp) {
            case .use(let held):
                // Sessions outlive a new login, handles do not.
                return Held(session: held.session, stamp: stamp, isLent: held.isLent)
            case .discard(let held):
                // Not closed when the library lost it: its number may be another's by now.
                _ = held
            case .open:
                if let held = try open(stamp) { return held }
            case .lend:
                if let session = login.lend() {
                    return Held(session: session, stamp: stamp, isLent: true)
                }
                state.withLock { $0.isLent = false }
            case .wait(let waiter):
                while waiter.wakeUp.wait(timeout: .now() + Self.poll) == .timedOut {
                    do throws(DriverFailure) {
                        try watch.check()
                    } catch {
                        state.withLock { state in state.waiters.removeAll { $0 === waiter } }
                        wakeOne()
                        throw .call(error)
                    }
                }
            }
        }
    }

    private func next(_ stamp: Stamp) -> Step {
        let now = host.monotonic_ns
        return state.withLock { state in
            if let held = state.idle.popLast() {
                if held.stamp.hasSessions(of: stamp) { return .use(held) }
                state.open -= 1
                return .discard(held)
            }
            if now >= state.growAt_ns {
                state.limit = limit
                state.growAt_ns = .max
            }
            if state.open < state.limit {
                state.open += 1
                return .open
            }
            if state.limit == 0 && !state.isLent {
                state.isLent = true
                return .lend
            }
            let waiter = Waiter()
            state.waiters.append(waiter)
            return .wait(waiter)
        }
    }

    /// Nil when the device has no more sessions: then it is those that there are, or the login's.
    private func open(_ stamp: Stamp) throws(Trouble) -> Held? {
        do throws(TokenFailure) {
            let session = try login.library.gate.shared { () throws(TokenFailure) in
                try login.library.functions.open(login.slot)
            }
            return Held(session: session, stamp: stamp, isLent: false)
        } catch {
            let now = host.monotonic_ns
            state.withLock { state in
                state.open -= 1
                guard error.code == .sessionCount else { return }
                state.limit = state.open
                state.growAt_ns = now + Self.growPause_ns
            }
            wakeOne()
            if error.code == .sessionCount { return nil }
            guard error.code.remedy != .none else { throw .item(error) }
            _ = try inTrouble { () throws(DriverFailure) in try login.heal(after: stamp, error) }
            return nil
        }
    }

    /// - Parameter failure: What its last call failed with, if it did.
    func give(_ held: Held, after failure: TokenFailure? = nil) {
        let remedy = failure?.code.remedy
        let isBroken = remedy == .newSession || remedy == .initialise || remedy == .reconnect
        if isBroken && !held.isLent && failure?.code.isSessionThere == true {
            login.library.gate.shared { held.session.close() }
        }
        state.withLock { state in
            if held.isLent {
                state.isLent = false
            } else if isBroken {
                state.open -= 1
            } else {
                state.idle.append(held)
            }
        }
        wakeOne()
    }

    private func wakeOne() {
        let waiter = state.withLock { $0.waiters.isEmpty ? nil : $0.waiters.removeFirst() }
        waiter?.wakeUp.signal()
    }

    func closeIdle() {
        let idle = state.withLock { state in
            defer { state.idle = [] }
            state.open -= state.idle.count
            return state.idle
        }
        login.library.gate.shared {
            for held in idle { held.session.close() }
        }
    }
}

extension ReturnValue {
    /// A session that was left in the middle of something still has to be closed.
    fileprivate var isSessionThere: Bool {
        rawValue == CKR_OPERATION_ACTIVE || rawValue == CKR_OPERATION_NOT_INITIALIZED
    }
}
