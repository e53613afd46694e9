import Glibc
import PluginABI
import Synchronization

/// Memory for what one call is lent: read-only while the driver has it, gone afterwards.
///
/// A driver that writes into its inputs, or looks at them after it returned, ends the process that
/// runs it, which is a finding. No text has a NUL behind it.
final class Inputs {
    private struct Chunk: @unchecked Sendable {  // memory of ours, and of one call at a time
        var start: UnsafeMutableRawPointer
        var size: Int, used: Int
    }

    private static let chunkSize = 64 * 1024
    private var chunks: [Chunk] = []

    /// What the driver's function gets must not change while it runs.
    func seal() {
        for chunk in chunks { mprotect(chunk.start, chunk.size, PROT_READ) }
    }

    deinit {
        for chunk in chunks { Self.retire(chunk) }
    }

    /// Addresses that were lent lately and are not to be given out again: who looks there faults.
    private static let retired = Mutex<[Chunk]>([])
    private static let retiredMax = 256

    private static func retire(_ chunk: Chunk) {
        // Their pages go back at once; only the addresses stay taken.
        madvise(chunk.start, chunk.size, MADV_DONTNEED)
        mprotect(chunk.start, chunk.size, PROT_NONE)
        retired.withLock { retired in
            retired.append(chunk)
            guard retired.count > retiredMax else { return }
            let oldest = retired.removeFirst()
            munmap(oldest.start, oldest.size)
        }
    }

    /// Room for `count` zeroed structs, writable until `seal`; nil when `count` is 0.
    func array<T>(of type: T.Type, count: Int) throws(OutOfMemory) -> UnsafeMutablePointer<T>? {
        guard count > 0 else { return nil }
        let memory = try allocate(MemoryLayout<T>.stride * count)
        return memory.bindMemory(to: T.self, capacity: count)
    }

    /// A copy of one struct.
    func copy<T>(_ value: T) throws(OutOfMemory) -> UnsafeMutablePointer<T> {
        let memory = try allocate(MemoryLayout<T>.stride)
        let typed = memory.bindMemory(to: T.self, capacity: 1)
        typed.initialize(to: value)
        return typed
    }

    func bytes(_ bytes: some Collection<UInt8>) throws(OutOfMemory) -> kms_bytes {
        guard !bytes.isEmpty else { return kms_bytes() }
        let count = bytes.count
        // One byte more, which is not NUL: what reads a slice as a C string reads on.
        let memory = try allocate(count + 1)
        let target = UnsafeMutableRawBufferPointer(start: memory, count: count + 1)
        target.copyBytes(from: bytes)
        target[count] = 0xFF
        return kms_bytes(data: memory.assumingMemoryBound(to: UInt8.self), size: count)
    }

    func text(_ string: String) throws(OutOfMemory) -> kms_text {
        let slice = try bytes(string.utf8)
        return kms_text(
            data: UnsafeRawPointer(slice.data)?.assumingMemoryBound(to: CChar.self),
            size: slice.size)
    }

    func texts(_ strings: [String]) throws(OutOfMemory) -> kms_text_list {
        let items = try array(of: kms_text.self, count: strings.count)
        for (index, string) in strings.enumerated() { items?[index] = try text(string) }
        return kms_text_list(items: items, count: strings.count)
    }

    struct OutOfMemory: Error {}

    /// Zeroed and aligned for every struct of the contract; lives as long as `self`.
    private func allocate(_ size: Int) throws(OutOfMemory) -> UnsafeMutableRawPointer {
        let size = (size + 7) & ~7
        if let last = chunks.indices.last, chunks[last].size - chunks[last].used >= size {
            defer { chunks[last].used += size }
            return chunks[last].start + chunks[last].used
        }
        let page = 4096
        let room = max(Self.chunkSize, (size + page - 1) / page * page)
        let start = mmap(
            nil, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let start, start != MAP_FAILED else { throw OutOfMemory() }
        chunks.append(Chunk(start: start, size: room, used: size))
        return start
    }
}
