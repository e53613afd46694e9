import Glibc
import PluginABI

/// Memory for the structs of one call: measured in a first pass, filled in a second.
///
/// The same code runs in both passes, so they cannot disagree about the size. While it measures, it
/// also checks the limits of the contract, which drivers may rely on. Requests of a few names fit
/// on the stack, which is what keeps a quick call quick.
struct Arena {
    /// nil while measuring.
    private let base: UnsafeMutableRawPointer?
    private(set) var used = 0
    /// The first limit that the request exceeds; only found while measuring.
    private(set) var violation: String?

    private init(base: UnsafeMutableRawPointer?) { self.base = base }

    /// The bytes that `build` needs. Throws `.invalid` when it exceeds a limit.
    static func measure(_ build: (inout Arena) -> Void) throws(DriverError) -> Int {
        var arena = Arena(base: nil)
        build(&arena)
        if let violation = arena.violation {
            throw DriverError(status: .invalid, message: violation)
        }
        return arena.used
    }

    /// Lends what `build` makes to `body`. It lives until `body` returns.
    static func lend<Lent, R, E: Error>(
        _ size: Int, _ build: (inout Arena) -> Lent, to body: (Lent) throws(E) -> R
    ) throws(E) -> R {
        // The alignment of the widest member of the contract's structs.
        try withUnsafeTemporaryAllocation(byteCount: max(size, 1), alignment: 8) {
            buffer throws(E) in
            var arena = Arena(base: buffer.baseAddress)
            return try body(build(&arena))
        }
    }

    /// Room for `count` zeroed structs; nil while measuring and when `count` is 0.
    mutating func array<T>(of type: T.Type, count: Int) -> UnsafeMutablePointer<T>? {
        guard count > 0 else { return nil }
        used = (used + 7) & ~7
        let size = MemoryLayout<T>.stride * count
        defer { used += size }
        // Within the allocation: the measuring pass added the same sizes in the same order.
        guard let memory = base.map({ $0 + used }) else { return nil }
        memset(memory, 0, size)
        return memory.bindMemory(to: T.self, capacity: count)
    }

    mutating func text(_ string: String, _ kind: TextLimit) -> kms_text {
        var string = string  // `withUTF8` may make a foreign string contiguous
        return string.withUTF8 { utf8 in
            guard let source = utf8.baseAddress, utf8.count > 0 else {
                if kind.isRequired { note("\(kind) is empty") }
                return kms_text()
            }
            guard let base else {
                check(utf8, kind)
                used += utf8.count
                return kms_text()
            }
            let copy = base + used
            memcpy(copy, source, utf8.count)
            used += utf8.count
            return kms_text(data: copy.assumingMemoryBound(to: CChar.self), size: utf8.count)
        }
    }

    mutating func texts(_ strings: [String], _ kind: TextLimit, most: Int) -> kms_text_list {
        if base == nil && strings.count > most {
            note("\(strings.count) times \(kind), at most \(most)")
        }
        let items = array(of: kms_text.self, count: strings.count)
        for index in strings.indices {
            let text = text(strings[index], kind)
            items?[index] = text
        }
        return kms_text_list(items: items, count: strings.count)
    }

    mutating func bytes(_ bytes: [UInt8], most: Int, _ what: StaticString) -> kms_bytes {
        guard !bytes.isEmpty else { return kms_bytes() }
        if base == nil && bytes.count > most {
            note("\(what) has \(bytes.count) bytes, at most \(most)")
        }
        defer { used += bytes.count }
        guard let base else { return kms_bytes() }
        let copy = base + used
        bytes.withUnsafeBytes { source in
            if let start = source.baseAddress { memcpy(copy, start, source.count) }
        }
        return kms_bytes(data: copy.assumingMemoryBound(to: UInt8.self), size: bytes.count)
    }

    /// Counts bytes that are lent from where they are.
    mutating func elsewhere(_ count: Int, most: Int, _ what: StaticString) {
        guard base == nil else { return }
        if count > most { note("\(what) has \(count) bytes, at most \(most)") }
    }

    mutating func note(_ problem: @autoclosure () -> String) {
        if base == nil && violation == nil { violation = problem() }
    }

    private mutating func check(_ utf8: UnsafeBufferPointer<UInt8>, _ kind: TextLimit) {
        if utf8.count > kind.most {
            note("\(kind) has \(utf8.count) bytes, at most \(kind.most)")
        } else if let start = utf8.baseAddress, memchr(start, 0, utf8.count) != nil {
            note("\(kind) contains U+0000")
        }
    }
}
