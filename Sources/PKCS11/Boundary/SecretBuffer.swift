import CPlatform
import Glibc
import PluginKit

/// Bytes on the heap that are zeroed when they go away: what a session works on, which may go on
/// after the call that it served gave up.
///
/// Written by one owner before it is shared; never freed while referenced.
final class SecretBuffer: @unchecked Sendable {
    // Owned; never NULL, so that a device is never given a null pointer for no bytes.
    let base: UnsafeMutablePointer<UInt8>
    private let capacity: Int
    /// How many of the bytes count; at most as many as there were at first.
    private(set) var count: Int

    /// Zeroed.
    init(count: Int) throws(TokenFailure) {
        capacity = max(count, 1)
        guard let memory = calloc(capacity, 1) else {
            throw TokenFailure(.hostMemory, in: "calloc")
        }
        base = memory.bindMemory(to: UInt8.self, capacity: capacity)
        self.count = count
    }

    convenience init(copying bytes: BorrowedBytes) throws(TokenFailure) {
        try self.init(count: bytes.count)
        write(bytes, at: 0)
    }

    convenience init(_ bytes: [UInt8]) throws(TokenFailure) {
        try self.init(count: bytes.count)
        bytes.withBorrowedBytes { write($0, at: 0) }
    }

    deinit {
        platform_zeroize(base, capacity)
        free(base)
    }

    func write(_ bytes: BorrowedBytes, at offset: Int) {
        precondition(offset >= 0 && bytes.count <= capacity - offset, "writes within the buffer")
        bytes.withUnsafeBytes { source in
            guard let from = source.baseAddress else { return }
            UnsafeMutableRawPointer(base + offset).copyMemory(from: from, byteCount: source.count)
        }
    }

    func shorten(to count: Int) {
        precondition(count >= 0 && count <= self.count, "only shortens")
        self.count = count
    }

    subscript(position: Int) -> UInt8 {
        get {
            precondition(position >= 0 && position < count, "index out of range")
            return base[position]
        }
        set {
            precondition(position >= 0 && position < count, "index out of range")
            base[position] = newValue
        }
    }

    /// The bytes, valid during `body` only.
    func withBytes<R, E: Error>(_ body: (BorrowedBytes) throws(E) -> R) throws(E) -> R {
        try body(BorrowedBytes(base, count: count))
    }

    /// For what is no secret.
    var array: [UInt8] { withBytes { Array($0) } }
}
