import CPlatform
import PluginABI

/// The services that the host lends to a plugin (`kms_host`), from `init` until `deinit`.
///
/// All may be called from any thread.
public struct Host: Sendable {
    // A copy of the host's table, as the contract asks: what an older host lacks is NULL. The
    // functions are thread-safe by contract and the context is opaque.
    private nonisolated(unsafe) let table: kms_host
    /// Version of the host, for example `1.4.0`.
    public let version: String

    /// Levels of `kms_log_level`.
    public enum Level: UInt32, Sendable { case trace, debug, info, warning, fault }

    package init(_ theirs: UnsafePointer<kms_host>) {
        var mine = kms_host()
        let size = min(Int(theirs.pointee.struct_size), MemoryLayout<kms_host>.size)
        // Both sides hold at least `size` bytes; the struct is plain data.
        withUnsafeMutableBytes(of: &mine) { $0.copyMemory(from: .init(start: theirs, count: size)) }
        table = mine
        version = mine.version.map { String(cString: $0) } ?? ""
    }

    /// Nanoseconds that deadlines are measured on.
    public var monotonic_ns: UInt64 { table.monotonic_ns?(table.context) ?? 0 }
    /// Wall clock: microseconds since 1970.
    public var unix_us: Int64 { table.unix_us?(table.context) ?? 0 }

    /// Emits one line, made only when the level is kept. No secrets.
    public func log(_ level: Level, call: Call? = nil, _ message: @autoclosure () -> String) {
        guard let log = table.log, table.log_enabled?(table.context, level.rawValue) ?? true
        else { return }
        var text = message()
        // The host copies the line before it returns.
        text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) {
                log(
                    table.context, call?.pointer, level.rawValue,
                    kms_text(data: $0.baseAddress, size: $0.count))
            }
        }
    }

    /// Fresh bytes from the host's approved generator, which may fail but is never weak.
    public func random(_ count: Int) throws(DriverFailure) -> [UInt8] {
        var status = Status.internal
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            if let random = table.random, let base = buffer.baseAddress {
                status = Status(rawValue: random(table.context, base, count))
            }
            if status == .ok { filled = count }
        }
        guard status == .ok || count == 0 else {
            throw DriverFailure(status, "the host's random generator failed")
        }
        return bytes
    }

    /// Memory for a secret; throws ``Status/exhausted`` when there is none.
    public func secureMemory(copying bytes: BorrowedBytes) throws(DriverFailure) -> SecureMemory {
        try SecureMemory(copying: bytes, from: table)
    }
}

/// A secret in the host's locked memory: zeroed when it goes away.
public final class SecureMemory: Sendable {
    // Owned: allocated in init, freed in deinit, written only in init.
    private nonisolated(unsafe) let base: UnsafeMutableRawPointer?
    private nonisolated(unsafe) let table: kms_host
    public let count: Int

    fileprivate init(copying bytes: BorrowedBytes, from table: kms_host) throws(DriverFailure) {
        self.table = table
        count = bytes.count
        base = bytes.count == 0 ? nil : table.secure_alloc?(table.context, bytes.count)
        guard base != nil || bytes.count == 0 else { throw .outOfMemory }
        // `base` holds `count` bytes.
        bytes.withUnsafeBytes { source in
            if let from = source.baseAddress { base?.copyMemory(from: from, byteCount: count) }
        }
    }

    deinit { if let base { table.secure_free?(table.context, base, count) } }

    /// The bytes, valid during `body` only.
    public func withExposedBytes<R, E: Error>(
        _ body: (BorrowedBytes) throws(E) -> R
    ) throws(E) -> R {
        try body(BorrowedBytes(base, count: count))
    }
}
