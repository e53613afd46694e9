import Synchronization

/// The free slots of one size. Locked slots go first.
final class SlotSize: Sendable {
    let bytes: Int
    private let slots = Mutex(Slots())

    init(_ bytes: Int) { self.bytes = bytes }

    /// A free slot, zeroed; nil when another chunk is needed.
    func take(lockedOnly: Bool) -> UnsafeMutableRawPointer? {
        let address = slots.withLock { $0.take(lockedOnly: lockedOnly) }
        // The address came from a pointer into a chunk, and chunks are never unmapped.
        return address.flatMap(UnsafeMutableRawPointer.init(bitPattern:))
    }

    /// Takes back a slot, already zeroed.
    func put(_ slot: UnsafeMutableRawPointer) {
        slots.withLock { $0.put(UInt(bitPattern: slot)) }
    }

    /// Adds the slots of a new chunk and takes the first.
    func add(_ chunk: SecurePages) -> UnsafeMutableRawPointer {
        let first = UInt(bitPattern: chunk.memory)
        let isLocked = chunk.isLocked
        let end = first + UInt(chunk.count)
        slots.withLock { $0.add(first..<end, slot: UInt(bytes), isLocked: isLocked) }
        return chunk.memory
    }

    var inUse: Int { slots.withLock { $0.inUse } }

    /// Addresses rather than pointers, so that the state may pass between threads.
    private struct Slots {
        private var locked: [UInt] = []
        private var unlocked: [UInt] = []
        private var unlockedChunks: [Range<UInt>] = []
        private(set) var inUse = 0

        mutating func take(lockedOnly: Bool) -> UInt? {
            guard let slot = locked.popLast() ?? (lockedOnly ? nil : unlocked.popLast()) else {
                return nil
            }
            inUse += 1
            return slot
        }

        mutating func put(_ slot: UInt) {
            inUse -= 1
            // Empty unless locked memory ran out, so the search costs nothing where it should not.
            if unlockedChunks.contains(where: { $0.contains(slot) }) {
                unlocked.append(slot)
            } else {
                locked.append(slot)
            }
        }

        mutating func add(_ chunk: Range<UInt>, slot: UInt, isLocked: Bool) {
            inUse += 1
            let rest = stride(from: chunk.lowerBound + slot, to: chunk.upperBound, by: Int(slot))
                .reversed()
            if isLocked {
                locked.append(contentsOf: rest)
            } else {
                unlockedChunks.append(chunk)
                unlocked.append(contentsOf: rest)
            }
        }
    }
}
