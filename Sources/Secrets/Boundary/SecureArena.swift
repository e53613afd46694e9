import CPlatform
import Synchronization

/// An allocator for small secrets over ``SecurePages``.
///
/// Locked memory is scarce (RLIMIT_MEMLOCK is often 8 MiB) and a page per key would waste it, so
/// slots of powers of two are carved from chunks. Chunks are kept: what a burst took, the next one
/// finds. Larger secrets have pages of their own, given back at once.
package final class SecureArena: Sendable {
    private static let smallestSlot = 32
    package static let largestSlot = 16 * 1024
    private static let smallestChunk = 16 * 1024

    private let sizes: [SlotSize]
    private let ledger = Mutex(Ledger())
    private let isLockRequired = Atomic(false)
    /// Bytes that may be locked, beside what the kernel allows. Nil: the kernel alone decides.
    private let lockLimit: Int?

    package init(lockLimit: Int? = nil) {
        self.lockLimit = lockLimit
        sizes = sequence(first: SecureArena.smallestSlot) { $0 * 2 }
            .prefix { $0 <= SecureArena.largestSlot }.map(SlotSize.init)
    }

    /// Zeroed memory for `count` bytes, aligned to 16; nil when there is none, or none that is
    /// locked and that is required.
    package func allocate(_ count: Int) -> UnsafeMutableRawPointer? {
        precondition(count >= 0, "a secret cannot have a negative size")
        guard let size = slots(for: count) else { return allocatePages(count) }
        let lockedOnly = isLockRequired.load(ordering: .relaxed)
        if let slot = size.take(lockedOnly: lockedOnly) { return slot }
        guard let chunk = map(max(SecureArena.smallestChunk, 4 * size.bytes)) else { return nil }
        return size.add(chunk)
    }

    /// Zeroes and takes back memory that ``allocate(_:)`` gave for the same `count`.
    package func free(_ memory: UnsafeMutableRawPointer, count: Int) {
        guard let size = slots(for: count) else { return freePages(memory, count: count) }
        platform_zeroize(memory, count)
        size.put(memory)
    }

    package func requireLocked() { isLockRequired.store(true, ordering: .relaxed) }

    package var statistics: SecureMemory.Statistics {
        var statistics = ledger.withLock { $0.statistics }
        for size in sizes { statistics.allocations += size.inUse }
        return statistics
    }

    /// Called once, as soon as memory was wanted that could not be locked; at once if that is past.
    package var onExhausted: (@Sendable () -> Void)? {
        get { ledger.withLock { $0.onExhausted } }
        set {
            let isLate = ledger.withLock { ledger in
                ledger.onExhausted = newValue
                return ledger.takeNotice()
            }
            if isLate { newValue?() }
        }
    }

    private func slots(for count: Int) -> SlotSize? {
        guard count <= SecureArena.largestSlot else { return nil }
        // The position of the power of two at or above `count`, counted from the smallest slot's.
        let index = Int.bitWidth - (max(count, SecureArena.smallestSlot) - 1).leadingZeroBitCount
        return sizes[index - SecureArena.smallestSlot.trailingZeroBitCount]
    }

    // MARK: Pages

    private func allocatePages(_ count: Int) -> UnsafeMutableRawPointer? {
        guard let pages = map(count) else { return nil }
        ledger.withLock { ledger in
            ledger.statistics.allocations += 1
            // Whether they are locked is needed again for the books when they go.
            if !pages.isLocked { ledger.unlockedPages.insert(UInt(bitPattern: pages.memory)) }
        }
        return pages.memory
    }

    private func freePages(_ memory: UnsafeMutableRawPointer, count: Int) {
        let bytes = SecurePages.rounded(count)
        ledger.withLock { ledger in
            ledger.statistics.allocations -= 1
            let wasUnlocked = ledger.unlockedPages.remove(UInt(bitPattern: memory)) != nil
            ledger.book(-bytes, isLocked: !wasUnlocked)
        }
        SecurePages.unmap(memory, count: count)
    }

    /// Maps and books pages; nil when there are none, or none that is locked and that is required.
    private func map(_ count: Int) -> SecurePages? {
        let bytes = SecurePages.rounded(count)
        let mayLock = ledger.withLock { ledger in
            ledger.statistics.lockedBytes <= (lockLimit ?? .max) - bytes
        }
        guard let pages = SecurePages(atLeast: bytes, inFork: .absent, lock: mayLock) else {
            return nil
        }
        if !pages.isLocked {
            let (isFirst, notify) = ledger.withLock { ledger in
                ledger.statistics.isExhausted = true
                return (ledger.takeNotice(), ledger.onExhausted)
            }
            // Outside the lock: what is called may well allocate secrets.
            if isFirst { notify?() }
            guard !isLockRequired.load(ordering: .relaxed) else {
                SecurePages.unmap(pages.memory, count: bytes)
                return nil
            }
        }
        ledger.withLock { $0.book(bytes, isLocked: pages.isLocked) }
        return pages
    }

    private struct Ledger {
        var statistics = SecureMemory.Statistics()
        var unlockedPages: Set<UInt> = []
        var onExhausted: (@Sendable () -> Void)?
        private var isNoticeGiven = false

        mutating func book(_ bytes: Int, isLocked: Bool) {
            if isLocked {
                statistics.lockedBytes += bytes
            } else {
                statistics.unlockedBytes += bytes
            }
        }

        /// Whether the notice of exhaustion is due and there is somebody to hear it: true only
        /// once.
        mutating func takeNotice() -> Bool {
            guard statistics.isExhausted, !isNoticeGiven, onExhausted != nil else { return false }
            isNoticeGiven = true
            return true
        }
    }
}
