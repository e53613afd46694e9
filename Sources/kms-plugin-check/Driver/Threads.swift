import FoundationEssentials
import Glibc

/// The threads of this process.
enum Threads {
    static var count: Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? 0
    }

    /// Waits until there are no more than these; false when that does not come about soon. A thread
    /// that was joined may take a moment to leave the list.
    static func settle(at most: Int) -> Bool {
        for _ in 0..<200 {
            if count <= most { return true }
            usleep(10_000)
        }
        return false
    }
}
