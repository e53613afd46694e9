import PluginKit
import Synchronization

/// Stamps that grow within a process, whatever the wall clock does.
final class CreationClock: Sendable {
    private let last = Mutex<Int64>(0)
    private let host: Host

    init(_ host: Host) { self.host = host }

    /// Microseconds since 1970, or one more than the last stamp.
    func next() -> Int64 {
        let now = host.unix_us
        return last.withLock { last in
            last = max(last + 1, now)
            return last
        }
    }

    /// More than before, and more than a record that was deleted had: those began with the time too.
    func counter(after previous: UInt64?) -> UInt64 {
        max(UInt64(clamping: host.unix_us), (previous ?? 0) &+ 1)
    }
}
