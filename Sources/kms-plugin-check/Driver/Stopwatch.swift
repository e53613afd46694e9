import PluginLoader
import Synchronization

/// How long the driver had each of some calls: from its first instruction to its return, without
/// what the kit does around it. Threads may share it.
final class Stopwatch: Sendable {
    /// On the system's clock, in nanoseconds.
    struct Lap: Sendable {
        var start: UInt64, end: UInt64
        var duration: UInt64 { end - start }
    }

    private let times = Mutex<[Lap]>([])

    /// Runs the body and notes how long it took.
    func measure<Result>(_ body: () throws -> Result) rethrows -> Result {
        let start = monotonicNanoseconds()
        defer {
            let lap = Lap(start: start, end: monotonicNanoseconds())
            times.withLock { $0.append(lap) }
        }
        return try body()
    }

    var laps: [Lap] { times.withLock { $0 } }

    /// A duration that half of the calls did not exceed.
    var median: Duration {
        let sorted = laps.map(\.duration).sorted()
        return .nanoseconds(sorted.isEmpty ? 0 : sorted[sorted.count / 2])
    }
}
