import CPKCS11
import PluginKit
import Synchronization

/// What sessions and handles belong to: both end with what they were made under.
struct Stamp: Hashable, Sendable {
    /// Of the library.
    var epoch: UInt64
    /// Of sessions: changes when they were lost.
    var sessions: UInt64
    /// Of object handles: changes with every login.
    var handles: UInt64

    func hasSessions(of other: Stamp) -> Bool {
        epoch == other.epoch && sessions == other.sessions
    }
}

/// The one login of a slot, and what is known of the way to the device.
///
/// A login holds for all sessions of the process on the token and ends with the last of them, so a
/// session of its own is kept open for it. A PIN that was refused is not sent again by anybody:
/// devices lock after a few.
final class Login: Sendable {
    private enum State {
        case up
        case down(Outage)
        /// Until an operator acted.
        case refused(TokenFailure)
    }

    private struct Outage {
        var failure: TokenFailure
        var attempts: Int
        var next_ns: UInt64
    }

    private struct Snapshot {
        var state: State
        var stamp: Stamp
        var logins = 0, heals = 0
    }

    let library: Library
    let slot: CK_SLOT_ID
    /// For messages: "SoftHSM2, slot 4".
    let name: String
    private let host: Host
    /// Nil: public objects only.
    private let pin: SecureMemory?
    private let snapshot: Mutex<Snapshot>
    /// Held by who talks to the device about the login; the session is the login's own.
    private let session = Mutex<Session?>(nil)

    private static let pauseLeast_ns: UInt64 = 100_000_000
    private static let pauseMost_ns: UInt64 = 5_000_000_000

    init(_ library: Library, slot: CK_SLOT_ID, name: String, pin: SecureMemory?, host: Host) {
        self.library = library
        self.slot = slot
        self.name = name
        self.pin = pin
        self.host = host
        snapshot = Mutex(
            Snapshot(state: .up, stamp: Stamp(epoch: library.epoch, sessions: 1, handles: 1)))
    }

    /// Logs in for the first time: once.
    func open() throws(DriverFailure) {
        try session.withLock { (session) throws(DriverFailure) in
            do throws(TokenFailure) {
                session = try connect()
            } catch {
                throw error.failure("\(name): logging in")
            }
        }
    }

    func close() {
        session.withLock { session in
            guard let open = session else { return }
            library.gate.shared {
                if pin != nil { open.logout() }
                open.close()
            }
            session = nil
        }
    }

    /// Whether private keys are there after login alone.
    var needsPIN: Bool { pin != nil }
    var logins: Int { snapshot.withLock { $0.logins } }
    var heals: Int { snapshot.withLock { $0.heals } }
    var isUp: Bool {
        snapshot.withLock { snapshot in
            if case .up = snapshot.state { return true }
            return false
        }
    }

    /// What is valid now; heals what is known to be lost.
    func current() throws(DriverFailure) -> Stamp {
        let known = snapshot.withLock { snapshot -> (Stamp, isUp: Bool) in
            if case .up = snapshot.state { return (snapshot.stamp, true) }
            return (snapshot.stamp, false)
        }
        if known.isUp && known.0.epoch == library.epoch { return known.0 }
        return try heal(after: known.0, TokenFailure(.notLoggedIn, in: "C_Login"))
    }

    /// Brings sessions and login back after a failure under `stale`, unless somebody did meanwhile.
    ///
    /// - Throws: The state of the slot when it stays as it is: nobody asks the device again before
    ///   a pause, which grows, has passed.
    func heal(after stale: Stamp, _ failure: TokenFailure) throws(DriverFailure) -> Stamp {
        try session.withLock { (session) throws(DriverFailure) in
            let now = snapshot.withLock { $0 }
            switch now.state {
            case .up:
                if now.stamp != stale && now.stamp.epoch == library.epoch { return now.stamp }
            case .refused(let failure): throw refusal(failure)
            case .down(let outage):
                let time = host.monotonic_ns
                if time < outage.next_ns { throw self.outage(outage, time) }
            }
            do throws(TokenFailure) {
                return try heal(&session, now.stamp, failure)
            } catch {
                throw note(error)
            }
        }
    }

    private func heal(
        _ session: inout Session?, _ stale: Stamp, _ failure: TokenFailure
    ) throws(TokenFailure) -> Stamp {
        var stamp = stale
        if stale.epoch == library.epoch, let open = session, isWell(open) {
            // Only one session is broken, or all handles are stale.
            if failure.code.remedy != .newSession { stamp.handles += 1 }
        } else {
            let isSession = stale.epoch == library.epoch && session.map(isAlive) ?? false
            if !isSession {
                // Not closed: another session may have its number by now.
                session = nil
                stamp.sessions += 1
            }
            stamp.handles += 1
            if let open = session {
                try login(open)
            } else {
                session = try connectOrInitialise(stale.epoch)
            }
            stamp.epoch = library.epoch
        }
        snapshot.withLock { snapshot in
            if case .down = snapshot.state {
                host.log(.info, "\(name): the device answers again")
            }
            snapshot.state = .up
            snapshot.stamp = stamp
            snapshot.heals += 1
        }
        return stamp
    }

    private func isAlive(_ session: Session) -> Bool {
        library.gate.shared { (try? session.isLoggedIn()) != nil }
    }

    /// Logged in, on a token that answers.
    private func isWell(_ session: Session) -> Bool {
        library.gate.shared {
            guard let isLoggedIn = try? session.isLoggedIn(), isLoggedIn || pin == nil else {
                return false
            }
            return (try? library.functions.token(slot)) != nil
        }
    }

    private func connectOrInitialise(_ epoch: UInt64) throws(TokenFailure) -> Session {
        do {
            return try connect()
        } catch {
            switch error.code.remedy {
            case .initialise, .reconnect, .again: break
            default: throw error
            }
            // Some libraries find their device again only when they begin anew.
            try library.initialiseAnew(since: epoch)
            return try connect()
        }
    }

    private func connect() throws(TokenFailure) -> Session {
        let session = try library.gate.shared { () throws(TokenFailure) in
            try library.functions.open(slot)
        }
        do {
            try login(session)
        } catch {
            library.gate.shared { session.close() }
            throw error
        }
        return session
    }

    private func login(_ session: Session) throws(TokenFailure) {
        guard let pin else { return }
        snapshot.withLock { $0.logins += 1 }
        try library.gate.shared { () throws(TokenFailure) in
            try pin.withExposedBytes { (pin) throws(TokenFailure) in try session.login(pin) }
        }
    }

    /// Lends the login's own session to a device that has no other to give.
    func lend() -> Session? { session.withLock { $0 } }

    // MARK: What went wrong

    private func note(_ failure: TokenFailure) -> DriverFailure {
        let time = host.monotonic_ns
        if failure.code.remedy == .operatorActs {
            snapshot.withLock { $0.state = .refused(failure) }
            host.log(
                .fault,
                "\(name): the device refuses the PIN: \(failure.code.name). It is not tried again "
                    + "before the slot is opened anew")
            return refusal(failure)
        }
        let outage = snapshot.withLock { snapshot -> Outage in
            var attempts = 0
            if case .down(let before) = snapshot.state { attempts = before.attempts + 1 }
            let pause = min(Self.pauseLeast_ns << UInt64(min(attempts, 10)), Self.pauseMost_ns)
            let outage = Outage(
                failure: failure, attempts: attempts,
                next_ns: time + pause / 2 + UInt64.random(in: 0...pause / 2))
            snapshot.state = .down(outage)
            return outage
        }
        if outage.attempts == 0 {
            host.log(.warning, "\(name): out of reach: \(failure.function): \(failure.code.name)")
        }
        return self.outage(outage, time)
    }

    private func refusal(_ failure: TokenFailure) -> DriverFailure {
        DriverFailure(
            .denied, "\(name): the PIN was refused: \(failure.code.name); it is not tried again",
            nativeCode: Int64(failure.nativeCode))
    }

    private func outage(_ outage: Outage, _ time: UInt64) -> DriverFailure {
        let failure = outage.failure
        return DriverFailure(
            .unavailable,
            "\(name): out of reach: \(failure.function): \(failure.code.name)",
            flags: .retryable, nativeCode: Int64(failure.nativeCode),
            retryAfter_ns: outage.next_ns > time ? outage.next_ns - time : 0)
    }
}
