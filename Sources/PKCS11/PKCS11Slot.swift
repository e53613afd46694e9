import CPKCS11
import PluginKit
import Synchronization

/// A slot of a PKCS#11 library that is logged in.
///
/// Work runs on threads of the slot or on the caller's, as the quirks have it, each time in a session
/// of its own. What the device loses, sessions, login, handles, is brought back on the way.
final class PKCS11Slot: HSMSlot {
    let quirks: Quirks
    let host: Host
    let name: String
    let login: Login
    let sessions: SessionPool
    let handles = HandleCache()
    let listings = Listings()
    /// SoftHSM2 fails generations that meet a search, so no two of them meet.
    let objects = SharedLock()
    /// What the token lists and yet refused.
    let refused = Mutex<Set<Mechanism>>([])
    private let workers: Workers?
    private let failed = Atomic<Int>(0)

    var functions: Cryptoki { login.library.functions }
    var slot: CK_SLOT_ID { login.slot }

    init(_ login: Login, quirks: Quirks, concurrency: Int, host: Host) {
        self.login = login
        self.quirks = quirks
        self.host = host
        name = login.name
        sessions = SessionPool(limit: concurrency, login: login, host: host)
        switch quirks.threads {
        case .ofCallers: workers = nil
        case .ofSessions: workers = Workers(name: "kms-\(quirks.model)", limit: concurrency)
        }
    }

    func close() {
        let library = login.library
        if let workers, !workers.close() {
            // Its session is busy for good, and so is a lock of the library, perhaps.
            host.log(.warning, "\(name): a call does not return; the library stays as it is")
            library.leaveForGood()
        } else {
            sessions.closeIdle()
            login.close()
        }
        library.giveBack(slot)
        library.release()
    }

    // MARK: Running

    /// Runs `body` where this slot runs things, until the call's time is over.
    func run<R: Sendable>(
        _ call: Call, _ body: @escaping @Sendable (Watch) -> Result<R, Trouble>
    ) throws(DriverFailure) -> R {
        let results = try runAll(call, [body])
        guard let result = results[0] else {
            failed.wrappingAdd(1, ordering: .relaxed)
            throw call.isCancelled ? .cancelled : .deadline
        }
        do {
            return try result.get()
        } catch {
            failed.wrappingAdd(1, ordering: .relaxed)
            throw error.failure(name)
        }
    }

    /// Runs parts of a call side by side where there are threads for it.
    ///
    /// - Returns: nil for a part that did not end in time.
    func runAll<R: Sendable>(
        _ call: Call, _ bodies: [@Sendable (Watch) -> Result<R, Trouble>]
    ) throws(DriverFailure) -> [Result<R, Trouble>?] {
        try call.check(host)
        let watch = Watch(call, host: host, isInPlace: workers == nil)
        guard let workers else { return bodies.map { $0(watch) } }
        return try workers.run(call, host, watch, bodies.map { body in { body(watch) } })
    }

    /// Parts that a call of many items is best cut into.
    func parts(of count: Int) -> Int {
        guard let workers else { return 1 }
        return max(1, min(count, workers.free))
    }

    // MARK: Attempts

    /// How often what is tried again.
    struct Patience: Sendable {
        /// After codes that mean nothing certain.
        var again = 2
        /// Codes besides those.
        var codes: [ReturnValue] = []

        static let usual = Patience()
        /// A ciphertext that does not fit looks the same to some libraries.
        static let forDecryption = Patience(again: 1)
    }

    private struct Budget {
        var heals = 2, lookUps = 1
        var again: Int

        mutating func allows(_ remedy: ReturnValue.Remedy) -> Bool {
            func take(_ count: inout Int) -> Bool {
                count -= 1
                return count >= 0
            }
            switch remedy {
            case .newSession, .login, .initialise, .reconnect: return take(&heals)
            case .lookUp: return take(&lookUps)
            case .again: return take(&again)
            case .operatorActs, .none: return false
            }
        }
    }

    /// Makes one thing happen, in a session, in spite of what the device lost meanwhile.
    ///
    /// - Parameter ids: The keys that it works with, in case their handles are stale.
    func attempt<R>(
        _ watch: Watch, _ ids: [[UInt8]], patience: Patience = .usual,
        _ body: (Session, Stamp) throws(TokenFailure) -> R
    ) throws(Trouble) -> R {
        var budget = Budget(again: patience.again)
        while true {
            try inTrouble { () throws(DriverFailure) in try watch.check() }
            let held = try sessions.take(watch)
            do throws(TokenFailure) {
                let result = try login.library.gate.shared { () throws(TokenFailure) in
                    try body(held.session, held.stamp)
                }
                sessions.give(held)
                return result
            } catch {
                sessions.give(held, after: error)
                let isListed = patience.codes.contains(error.code)
                let remedy = isListed ? .again : error.code.remedy
                guard budget.allows(remedy) else { throw .item(error) }
                switch remedy {
                case .newSession, .login, .initialise, .reconnect:
                    try inTrouble { () throws(DriverFailure) in
                        _ = try login.heal(after: held.stamp, error)
                    }
                case .lookUp: for id in ids { handles.forget(id) }
                case .again: Pause.short()
                case .operatorActs, .none: break
                }
            }
        }
    }

    // MARK: State

    func health(_ call: Call) throws(DriverFailure) {
        try run(call) { [self] watch in
            Result { () throws(Trouble) in
                try attempt(watch, []) { (session, _) throws(TokenFailure) in
                    _ = try functions.token(slot)
                    try requireLogin(session)
                }
            }
        }
    }

    /// A token that nobody is logged in to shows no private key, and says nothing.
    func requireLogin(_ session: Session) throws(TokenFailure) {
        guard login.needsPIN else { return }
        if try !session.isLoggedIn() { throw TokenFailure(.notLoggedIn, in: "C_GetSessionInfo") }
    }

    func capabilities(_ call: Call) throws(DriverFailure) -> [HSMCapability] {
        try run(call) { [self] watch in
            Result { () throws(Trouble) in
                try attempt(watch, []) { (_, _) throws(TokenFailure) in
                    let listed = try functions.mechanisms(slot)
                    let refused = refused.withLock { $0 }
                    return Mechanisms.capabilities(listed, quirks).filter {
                        !refused.contains($0.mechanism)
                    }
                }
            }
        }
    }

    func random(_ memory: FillableMemory, _ call: Call) throws(DriverFailure) {
        let count = memory.count
        let bytes = try run(call) { [self] watch in
            Result { () throws(Trouble) in
                try attempt(watch, []) { (session, _) throws(TokenFailure) in
                    try session.random(count)
                }
            }
        }
        bytes.withBytes { memory.fill(with: $0) }
    }

    func seed(_ seed: BorrowedBytes, _ call: Call) throws(DriverFailure) {
        let copy: SecretBuffer
        do {
            copy = try SecretBuffer(copying: seed)
        } catch {
            throw error.failure(name)
        }
        try run(call) { [self] watch in
            Result { () throws(Trouble) in
                try attempt(watch, []) { (session, _) throws(TokenFailure) in
                    try session.seed(copy)
                }
            }
        }
    }

    func statistics(_ call: Call) throws(DriverFailure) -> [Statistic] {
        try call.check(host)
        let counts = sessions.counts
        let cache = handles.counts
        return [
            Statistic("slot.up", "1", login.isUp ? 1 : 0),
            Statistic("sessions.open", "1", Double(counts.open)),
            Statistic("sessions.in-use", "1", Double(counts.inUse)),
            Statistic("sessions.waiting", "1", Double(counts.waiting)),
            Statistic("calls.failed", "1", Double(failed.load(ordering: .relaxed))),
            Statistic("calls.hung", "1", Double(workers?.hung ?? 0)),
            Statistic("logins", "1", Double(login.logins)),
            Statistic("heals", "1", Double(login.heals)),
            Statistic("handles.hits", "1", Double(cache.hits)),
            Statistic("handles.misses", "1", Double(cache.misses)),
        ]
    }
}
