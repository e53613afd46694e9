import CPlatform
import Glibc
import PluginABI

/// The memory of one result: chunks that are freed together when the host releases it.
///
/// A result usually fits into its first chunk, so it costs one allocation. Chunks with secret bytes
/// are zeroed before they are freed.
struct Arena: ~Copyable {
    private struct Chunk {
        var next: UnsafeMutableRawPointer?
        var capacity: Int  // header included
        var used: Int
        var holdsSecrets: Bool
    }

    // The newest chunk, owned by this arena until `detach`; each begins with its header.
    private var newest: UnsafeMutableRawPointer?
    private var nextCapacity: Int

    /// - Parameter capacity: What the first chunk should hold, in bytes.
    init(capacity: Int) {
        newest = nil
        nextCapacity = capacity + MemoryLayout<Chunk>.stride
    }

    deinit { Arena.release(newest) }

    /// Uninitialised memory, aligned for every struct of the contract.
    mutating func allocate(_ size: Int, secret: Bool = false) throws(DriverFailure)
        -> UnsafeMutableRawPointer
    {
        let needed = (size + 7) & ~7
        if let newest {
            let chunk = newest.assumingMemoryBound(to: Chunk.self)
            if chunk.pointee.capacity - chunk.pointee.used >= needed {
                let place = newest + chunk.pointee.used
                chunk.pointee.used += needed
                if secret { chunk.pointee.holdsSecrets = true }
                return place
            }
        }
        let header = MemoryLayout<Chunk>.stride
        let capacity = max(nextCapacity, needed + header)
        guard let fresh = malloc(capacity) else { throw .outOfMemory }
        // malloc aligns for the header; the header is written before anybody reads it.
        fresh.bindMemory(to: Chunk.self, capacity: 1).initialize(
            to: Chunk(
                next: newest, capacity: capacity, used: header + needed, holdsSecrets: secret))
        newest = fresh
        nextCapacity = min(capacity * 2, 1 << 20)
        return fresh + header
    }

    /// A copy that lives as long as the result; nil for no bytes.
    mutating func copy(_ bytes: BorrowedBytes, secret: Bool = false) throws(DriverFailure)
        -> UnsafeMutableRawPointer?
    {
        guard bytes.count > 0 else { return nil }
        let place = try allocate(bytes.count, secret: secret)
        bytes.withUnsafeBytes { source in
            if let from = source.baseAddress {
                place.copyMemory(from: from, byteCount: source.count)
            }
        }
        return place
    }

    mutating func text(_ text: BorrowedText) throws(DriverFailure) -> kms_text {
        let place = try copy(text.utf8)
        return kms_text(
            data: place.map { UnsafePointer($0.assumingMemoryBound(to: CChar.self)) },
            size: text.utf8.count)
    }

    mutating func bytes(_ bytes: BorrowedBytes, secret: Bool = false) throws(DriverFailure)
        -> kms_bytes
    {
        let place = try copy(bytes, secret: secret)
        return kms_bytes(
            data: place.map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) },
            size: bytes.count)
    }

    /// Hands the memory to the host, which calls `release` once.
    mutating func detach() -> kms_owner {
        defer { newest = nil }
        guard let newest else { return kms_owner(release: nil, owner: nil) }
        return kms_owner(release: { Arena.release($0) }, owner: newest)
    }

    private static func release(_ first: UnsafeMutableRawPointer?) {
        var current = first
        while let chunk = current {
            let header = chunk.assumingMemoryBound(to: Chunk.self).pointee
            if header.holdsSecrets { platform_zeroize(chunk, header.used) }
            current = header.next
            free(chunk)
        }
    }
}

/// A growing C array inside an arena. Growing leaves the old copy behind in the arena, so a good
/// first capacity saves memory; it never costs correctness.
struct ArenaArray<Element: BitwiseCopyable>: ~Copyable {
    // Memory of the arena that is passed to `append`, which outlives this array.
    private(set) var base: UnsafeMutablePointer<Element>?
    private(set) var count = 0
    private var capacity: Int

    init(capacity: Int) { self.capacity = max(capacity, 1) }

    mutating func append(_ element: Element, in arena: inout Arena) throws(DriverFailure) {
        if base == nil || count == capacity {
            let grown = base == nil ? capacity : capacity * 2
            let place = try arena.allocate(grown * MemoryLayout<Element>.stride)
                .bindMemory(to: Element.self, capacity: grown)
            if let base { place.update(from: base, count: count) }
            base = place
            capacity = grown
        }
        base?.advanced(by: count).initialize(to: element)
        count += 1
    }

    /// Changes the element appended last.
    mutating func updateLast(_ body: (inout Element) -> Void) {
        if let base, count > 0 { body(&base[count - 1]) }
    }

    /// Replaces an element that was appended.
    func set(_ position: Int, _ element: Element) {
        precondition(position >= 0 && position < count, "index out of range")
        base?[position] = element
    }

    mutating func removeAll(capacity: Int) {
        base = nil
        count = 0
        self.capacity = max(capacity, 1)
    }
}
