/// Memory for secrets: locked where the system allows, not in core dumps, zeroed when given back.
///
/// Locked bytes are bounded by RLIMIT_MEMLOCK. When that is used up, memory is handed out that may
/// reach swap, unless ``requireLocked()`` was called. All functions may be called from any thread.
public enum SecureMemory {
    private static let arena = SecureArena()

    /// Zeroed memory for `count` bytes, aligned to 16.
    ///
    /// - Returns: Nil when the process has no memory left, or none that is locked and that is
    ///   required. The caller owns it until ``free(_:count:)``; a child made by `fork` has none.
    public static func allocate(_ count: Int) -> UnsafeMutableRawPointer? { arena.allocate(count) }

    /// Zeroes and takes back memory that ``allocate(_:)`` returned for the same `count`; once.
    public static func free(_ memory: UnsafeMutableRawPointer, count: Int) {
        arena.free(memory, count: count)
    }

    /// From now on, memory that cannot be locked is not handed out.
    public static func requireLocked() { arena.requireLocked() }

    /// Called once, when memory was wanted that could not be locked; at once if that is past
    /// already. Runs on the thread that wanted the memory, and may allocate secrets itself.
    public static var onExhausted: (@Sendable () -> Void)? {
        get { arena.onExhausted }
        set { arena.onExhausted = newValue }
    }

    public static var statistics: Statistics { arena.statistics }

    public struct Statistics: Sendable, Equatable {
        /// Secrets that are alive.
        public internal(set) var allocations = 0
        /// Bytes held for secrets, in use or not, that never reach swap.
        public internal(set) var lockedBytes = 0
        /// Bytes held for secrets, in use or not, that could not be locked.
        public internal(set) var unlockedBytes = 0
        /// Whether memory was ever wanted that could not be locked.
        public internal(set) var isExhausted = false
    }
}
