import CPlatform
import Glibc
import PluginABI
import Secrets
import Synchronization

/// The services of the host as a plugin sees them (`kms_host`), from `init` until `deinit`.
///
/// The table refers to itself by address, so it lives on the heap until the last reference goes;
/// the plugin that was given it holds one.
final class HostTable: Sendable {
    private let services: HostServices
    private let plugin: String
    private let repeats = Mutex(RepeatLimit())
    // Written in `init` only; the plugin reads them.
    nonisolated(unsafe) let table: UnsafeMutablePointer<kms_host>
    private let strings: [CString]
    /// Bytes of secure memory that the plugin has not given back.
    private let secureBytes = Atomic(0)

    init(_ services: HostServices, plugin: String) {
        self.services = services
        self.plugin = plugin
        strings = [CString(services.name), CString(services.version)]
        table = .allocate(capacity: 1)
        var host: kms_host = Tables.empty()
        host.abi_major = UInt16(KMS_ABI_MAJOR)
        host.abi_minor = UInt16(KMS_ABI_MINOR)
        host.name = UnsafePointer(strings[0].start)
        host.version = UnsafePointer(strings[1].start)
        // Not retained: `self` outlives the table, which `deinit` frees.
        host.context = Unmanaged.passUnretained(self).toOpaque()
        host.log_enabled = { context, level in
            HostTable.with(context, false) { host in
                host.services.isLogEnabled(HostServices.LogLevel(clamping: level))
            }
        }
        host.log = { context, call, level, message in
            HostTable.with(context, ()) { $0.log(call, level, message) }
        }
        host.secure_alloc = { context, size in
            HostTable.with(context, nil) { $0.allocate(size) }
        }
        host.secure_free = { context, memory, size in
            HostTable.with(context, ()) { $0.free(memory, size) }
        }
        host.zeroize = { _, memory, size in
            if let memory, size > 0 { platform_zeroize(memory, size) }
        }
        host.random = { context, out, size in
            HostTable.with(context, kms_status(KMS_INTERNAL)) { $0.random(out, size) }
        }
        host.monotonic_ns = { _ in monotonicNanoseconds() }
        host.unix_us = { context in HostTable.with(context, 0) { $0.services.unixMicroseconds() } }
        host.get_interface = { _, _ in nil }
        table.initialize(to: host)
    }

    deinit { table.deallocate() }

    /// The host behind a context pointer, which the table holds; drivers only pass it back.
    private static func with<R>(
        _ context: UnsafeMutableRawPointer?, _ fallback: R, _ body: (HostTable) -> R
    ) -> R {
        guard let context else { return fallback }
        return body(Unmanaged<HostTable>.fromOpaque(context).takeUnretainedValue())
    }

    private func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
        // A size beyond what an Int holds arrives negative.
        guard size > 0, size <= Limits.secureMemory else { return nil }
        let inUse = secureBytes.add(size, ordering: .relaxed).newValue
        if inUse <= Limits.secureMemory, let memory = SecureMemory.allocate(size) { return memory }
        secureBytes.subtract(size, ordering: .relaxed)
        return nil
    }

    private func free(_ memory: UnsafeMutableRawPointer?, _ size: Int) {
        guard let memory, size > 0 else { return }
        SecureMemory.free(memory, count: size)
        secureBytes.subtract(size, ordering: .relaxed)
    }

    /// A plugin that does not return still has the table: whenever it looks, it must be there.
    func keepForGood() { _ = Unmanaged.passRetained(self) }

    /// To be called after `deinit`, when the plugin may hold nothing any more.
    func reportLeaks() {
        let bytes = secureBytes.load(ordering: .relaxed)
        guard bytes != 0 else { return }
        report(.warning, "deinit left \(bytes) bytes of secure memory; ask its vendor")
    }

    private func random(_ out: UnsafeMutablePointer<UInt8>?, _ size: Int) -> kms_status {
        guard size > 0 else { return 0 }
        guard let out else { return kms_status(KMS_INVALID) }
        let filled = services.random(UnsafeMutableRawBufferPointer(start: out, count: size))
        if filled { return 0 }
        platform_zeroize(out, size)
        return kms_status(KMS_INTERNAL)
    }

    /// A line of the host about the plugin.
    func report(_ level: HostServices.LogLevel, _ message: String) {
        services.log(level, plugin, nil, message)
    }

    private func log(_ call: UnsafePointer<kms_call>?, _ level: UInt32, _ message: kms_text) {
        let level = HostServices.LogLevel(clamping: level)
        guard services.isLogEnabled(level) else { return }
        // Both texts are borrowed from the driver for the duration of this call.
        let text = String(decoding: message.asBuffer.prefix(8192), as: UTF8.self)
        let trace = (call?.pointee.trace_id).map { String(decoding: $0.asBuffer, as: UTF8.self) }
        let verdict = repeats.withLock { $0.consider(text, now: monotonicNanoseconds()) }
        guard verdict != .suppress else { return }
        var line = escapingControls(text)
        if case .emitAfter(let suppressed) = verdict { line += " (and \(suppressed) times before)" }
        services.log(level, plugin, trace.flatMap { $0.isEmpty ? nil : $0 }, line)
    }

    /// A NUL-terminated copy that lives as long as its owner.
    private final class CString: Sendable {
        nonisolated(unsafe) let start: UnsafeMutablePointer<CChar>

        init(_ text: String) {
            let bytes = text.utf8CString
            start = .allocate(capacity: bytes.count)
            bytes.withUnsafeBufferPointer { source in
                if let first = source.baseAddress {
                    start.initialize(from: first, count: source.count)
                }
            }
        }

        deinit { start.deallocate() }
    }
}

extension HostServices.LogLevel {
    /// Levels that a later minor may add count as faults.
    fileprivate init(clamping level: UInt32) { self = Self(rawValue: level) ?? .fault }
}

extension kms_text {
    /// For as long as the text is borrowed. NULL is empty.
    fileprivate var asBuffer: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: data, count: data == nil ? 0 : size)
    }
}
