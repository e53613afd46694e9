import CPKCS11
import PluginKit
import Synchronization

/// A vendor's library in this process: loaded and initialised once, whoever uses it. Logins belong
/// to the process too, so each slot has one user.
final class Library: Sendable {
    let path: String
    let functions: Cryptoki
    /// Shared by every call, held alone while the library is initialised anew.
    let gate = SharedLock()
    /// Changes when it was: sessions and handles from before mean nothing.
    private let epochs = Atomic<UInt64>(1)
    private let state = Mutex(State())

    private struct State {
        var users = 0
        /// Whether we initialised it, and hence end it.
        var isOurs = false
        var slots: Set<CK_SLOT_ID> = []
        /// A call in it never returned: it can only end with the process.
        var isStuck = false
    }

    private static let all = Mutex<[TrustedLibrary.Identity: Library]>([:])
    /// How long an initialisation waits for calls in flight.
    private static let patience_s = 1

    var epoch: UInt64 { epochs.load(ordering: .acquiring) }

    private init(_ file: TrustedLibrary) throws(DriverFailure) {
        path = file.path
        do {
            functions = try Cryptoki(path: file.path)
        } catch {
            throw DriverFailure(.unsupported, "\(file.path): not loaded: \(error.problem)")
        }
    }

    /// The library of this file, initialised. Each acquisition is given back by ``release()``.
    static func acquire(_ file: TrustedLibrary) throws(DriverFailure) -> Library {
        try all.withLock { (all) throws(DriverFailure) -> Library in
            let library: Library
            if let known = all[file.file] { library = known } else { library = try Library(file) }
            all[file.file] = library
            try library.join()
            return library
        }
    }

    /// Another user of it, who gives it back with ``release()``.
    func joined() throws(DriverFailure) -> Library {
        try join()
        return self
    }

    private func join() throws(DriverFailure) {
        try state.withLock { (state) throws(DriverFailure) in
            guard !state.isStuck else {
                throw DriverFailure(
                    .unavailable,
                    "\(path): a call in it does not return; the server has to be restarted")
            }
            if state.users == 0 {
                do throws(TokenFailure) {
                    state.isOurs = try functions.start()
                } catch {
                    throw error.failure(path)
                }
                epochs.wrappingAdd(1, ordering: .releasing)
            }
            state.users += 1
        }
    }

    func release() {
        state.withLock { state in
            state.users -= 1
            guard state.users == 0, state.isOurs, !state.isStuck else { return }
            functions.stop()
        }
    }

    /// From now on it is neither ended nor used by new handles.
    func leaveForGood() { state.withLock { $0.isStuck = true } }

    /// False when the slot is in use.
    func claim(_ slot: CK_SLOT_ID) -> Bool { state.withLock { $0.slots.insert(slot).inserted } }
    func giveBack(_ slot: CK_SLOT_ID) { state.withLock { _ = $0.slots.remove(slot) } }

    /// Ends and begins the library, unless somebody did since `epoch`. Waits for calls in flight,
    /// and gives up when one of them hangs.
    func initialiseAnew(since epoch: UInt64) throws(TokenFailure) {
        let outcome = gate.alone(within: Self.patience_s) {
            Result { () throws(TokenFailure) in
                guard epoch == self.epoch else { return }
                if state.withLock({ $0.isOurs }) { functions.stop() }
                let isOurs = try functions.start()
                state.withLock { $0.isOurs = isOurs }
                epochs.wrappingAdd(1, ordering: .releasing)
            }
        }
        guard let outcome else { throw TokenFailure(.generalError, in: "C_Finalize") }
        try outcome.get()
    }
}
