import CPlatform
import Glibc

/// Whole pages that stay out of core dumps and, where the system allows, out of swap.
package struct SecurePages {
    /// What a child made by `fork` finds in place of the pages.
    package enum InFork {
        /// Nothing: using them ends the child. For secrets.
        case absent
        /// Zeroes. For buffers in which zero means empty.
        case wiped
    }

    /// Zeroed when mapped. Valid until `unmap`, from any thread.
    package let memory: UnsafeMutableRawPointer
    package let count: Int
    package let isLocked: Bool

    /// Maps at least `count` bytes; nil when the process has no memory left.
    package init?(atLeast count: Int, inFork: InFork, lock: Bool = true) {
        self.count = SecurePages.rounded(count)
        var isLocked = false
        let fork = inFork == .wiped ? PLATFORM_FORK_WIPED : PLATFORM_FORK_ABSENT
        guard let memory = platform_map_secret(self.count, fork, lock, &isLocked) else {
            return nil
        }
        self.memory = memory
        self.isLocked = isLocked
    }

    /// Overwrites and unmaps the pages at `memory`, which were mapped for `count` bytes.
    package static func unmap(_ memory: UnsafeMutableRawPointer, count: Int) {
        platform_unmap_secret(memory, rounded(count))
    }

    /// `count` rounded up to whole pages, at least one.
    package static func rounded(_ count: Int) -> Int {
        (max(count, 1) + pageSize - 1) & ~(pageSize - 1)
    }

    // 4 KiB on every machine Debian serves with it; a larger page size is a power of two as well.
    private static let pageSize = sysconf(Int32(_SC_PAGESIZE))
}
