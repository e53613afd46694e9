import CPlatform
import Glibc
import PluginABI
import PluginLoader
import Secrets
import Synchronization

/// The host that a driver under test sees: it counts what it lends, can refuse, and remembers what
/// the driver logged and did wrong.
///
/// It is never freed: a driver may use the table until its `deinit` returned, and the process ends
/// soon after.
final class KitHost: Sendable {
    /// A line of the driver's log.
    struct Line: Sendable {
        var level: UInt32
        var text: String
    }

    /// What a fault injection counts and when it strikes: the n-th use from when it was set.
    struct Fault: Sendable {
        /// Uses since the fault was set.
        var uses = 0
        /// Refuse the use with this number, from 1; nil: none.
        var failing: Int?
        /// Whether the n-th use happened and was refused.
        var hasStruck = false

        /// Counts a use; true when it is to be refused.
        mutating func strikes() -> Bool {
            uses += 1
            guard uses == failing else { return false }
            hasStruck = true
            return true
        }
    }

    private struct State {
        /// Secure memory that the driver holds: address and size.
        var blocks: [UInt: Int] = [:]
        var allocation = Fault()
        var random = Fault()
        var lines: [Line] = []
        var misuse: [String] = []
    }

    /// Of the host, as `migrate` writes it into a database.
    static let version = "1.2.3"

    /// What keeps them alive, where a leak checker finds them.
    private static let all = Mutex<[KitHost]>([])

    private let state = Mutex(State())
    /// Added to the clocks, in nanoseconds.
    private let shift = Atomic<Int>(0)
    // Written in `init` only; the plugin reads them.
    nonisolated(unsafe) let table: UnsafeMutablePointer<kms_host>

    init(version: String = KitHost.version) {
        table = .allocate(capacity: 1)
        var host: kms_host = Tables.empty()
        host.abi_major = UInt16(KMS_ABI_MAJOR)
        host.abi_minor = UInt16(KMS_ABI_MINOR)
        // Both live as long as the process, like the table.
        host.name = UnsafePointer(strdup("kms-plugin-check"))
        host.version = UnsafePointer(strdup(version))
        host.context = Unmanaged.passUnretained(self).toOpaque()
        host.log_enabled = { _, _ in true }
        host.log = { context, call, level, message in
            KitHost.with(context, ()) { $0.log(level, message) }
        }
        host.secure_alloc = { context, size in KitHost.with(context, nil) { $0.allocate(size) } }
        host.secure_free = { context, memory, size in
            KitHost.with(context, ()) { $0.free(memory, size) }
        }
        host.zeroize = { _, memory, size in
            if let memory, size > 0 { platform_zeroize(memory, size) }
        }
        host.random = { context, out, size in
            KitHost.with(context, kms_status(KMS_INTERNAL)) { $0.random(out, size) }
        }
        host.monotonic_ns = { context in KitHost.with(context, 0) { $0.now } }
        host.unix_us = { context in KitHost.with(context, 0) { $0.wallClock } }
        host.get_interface = { _, _ in nil }
        table.initialize(to: host)
        Self.all.withLock { $0.append(self) }
    }

    // MARK: What tests see and set

    /// The clock of deadlines, in nanoseconds.
    var now: UInt64 { monotonicNanoseconds() &+ UInt64(shift.load(ordering: .relaxed)) }

    /// Moves both clocks forward.
    func advance(by duration: Duration) {
        shift.wrappingAdd(Int(duration / .nanoseconds(1)), ordering: .relaxed)
    }

    /// Blocks of secure memory that the driver holds.
    var secureBlocks: Int { state.withLock { $0.blocks.count } }

    /// Whether all of these bytes lie in one such block.
    func isSecure(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let start = UInt(bitPattern: bytes.baseAddress)
        return state.withLock { state in
            state.blocks.contains {
                start >= $0.key && start + UInt(bytes.count) <= $0.key + UInt($0.value)
            }
        }
    }

    /// Makes the n-th allocation of secure memory from now fail; nil: none.
    func failAllocation(at n: Int?) { state.withLock { $0.allocation = Fault(failing: n) } }
    /// Makes the n-th request for random bytes from now fail; nil: none.
    func failRandom(at n: Int?) { state.withLock { $0.random = Fault(failing: n) } }
    var allocationFault: Fault { state.withLock { $0.allocation } }
    var randomFault: Fault { state.withLock { $0.random } }

    /// What the driver logged so far.
    var lines: [Line] { state.withLock { $0.lines } }

    /// What it did with the host's services that the contract forbids, since last asked.
    func takeMisuse() -> [String] {
        state.withLock { state in
            defer { state.misuse = [] }
            return state.misuse
        }
    }

    // MARK: Services

    /// The host behind a context pointer, which is kept for good.
    private static func with<R>(
        _ context: UnsafeMutableRawPointer?, _ fallback: R, _ body: (KitHost) -> R
    ) -> R {
        guard let context else { return fallback }
        return Unmanaged<KitHost>.fromOpaque(context)._withUnsafeGuaranteedRef(body)
    }

    private var wallClock: Int64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let shifted = Int64(shift.load(ordering: .relaxed)) / 1000
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000 + shifted
    }

    private func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
        guard size > 0 else {
            state.withLock { $0.misuse.append("secure_alloc was asked for 0 bytes") }
            return nil
        }
        if state.withLock({ $0.allocation.strikes() }) { return nil }
        guard let memory = SecureMemory.allocate(size) else { return nil }
        state.withLock { $0.blocks[UInt(bitPattern: memory)] = size }
        return memory
    }

    private func free(_ memory: UnsafeMutableRawPointer?, _ size: Int) {
        guard let memory else { return }
        let known = state.withLock { state in
            let known = state.blocks.removeValue(forKey: UInt(bitPattern: memory))
            if known == nil {
                state.misuse.append("secure_free was given memory that is not lent")
            } else if known != size {
                state.misuse.append("secure_free was given another size than secure_alloc")
            }
            return known
        }
        if let known { SecureMemory.free(memory, count: known) }
    }

    private func random(_ out: UnsafeMutablePointer<UInt8>?, _ size: Int) -> kms_status {
        if state.withLock({ $0.random.strikes() }) { return kms_status(KMS_INTERNAL) }
        guard let out, size > 0 else { return kms_status(KMS_OK) }
        var generator = SystemRandomNumberGenerator()
        for index in 0..<size { out[index] = generator.next() }
        return kms_status(KMS_OK)
    }

    private func log(_ level: UInt32, _ message: kms_text) {
        // Borrowed from the driver for the duration of this call.
        let bytes = UnsafeRawBufferPointer(
            start: message.data, count: message.data == nil ? 0 : message.size)
        let text = String(decoding: bytes, as: UTF8.self)
        state.withLock { state in
            if String(validating: bytes, as: UTF8.self) == nil {
                state.misuse.append("log was given what is not UTF-8")
            }
            if level > KMS_LOG_FAULT.rawValue { state.misuse.append("log has no level \(level)") }
            if Canaries.ofThisProcess.areFound(in: bytes) {
                state.misuse.append("a secret went to the log, at level \(level)")
            }
            if level > KMS_LOG_DEBUG.rawValue && Canaries.ofThisProcess.isPersonal(text) {
                state.misuse.append("a tag or term went to the log, at level \(level)")
            }
            // A driver that logs in a loop must not fill the memory.
            if state.lines.count < 10_000 { state.lines.append(Line(level: level, text: text)) }
        }
    }
}
