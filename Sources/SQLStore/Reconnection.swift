import PluginKit

/// Keeps a server that is away from being asked by everybody at once.
///
/// After a failure nobody tries for a while, which doubles with each further failure; then one tries,
/// and the others are refused with the last failure at once. What is refused has waited for nothing.
package struct Reconnection: Sendable {
    package enum Answer {
        case tryNow
        case refuse(DriverFailure)
    }

    private var failures = 0
    private var next_ns: UInt64 = 0
    private var isTrying = false
    private var last = DriverFailure(.unavailable, flags: .retryable)

    package static let firstPause_ns: UInt64 = 50_000_000
    package static let longestPause_ns: UInt64 = 2_000_000_000

    package init() {}

    /// Whether connecting failed last.
    package var isAway: Bool { failures > 0 }

    /// Asks to connect; who may must tell how it ended.
    package mutating func ask(now_ns: UInt64) -> Answer {
        guard isAway else { return .tryNow }
        guard now_ns >= next_ns, !isTrying else {
            var failure = last
            failure.retryAfter_ns = next_ns > now_ns ? next_ns - now_ns : Self.firstPause_ns
            return .refuse(failure)
        }
        isTrying = true
        return .tryNow
    }

    package mutating func succeeded() {
        failures = 0
        isTrying = false
    }

    /// - Parameter jitter: 0...1, so that servers which lost a database together do not come back
    ///   together.
    package mutating func failed(_ failure: DriverFailure, now_ns: UInt64, jitter: Double) {
        isTrying = false
        failures += 1
        last = failure
        let pause = min(Self.firstPause_ns << UInt64(min(failures - 1, 10)), Self.longestPause_ns)
        next_ns = now_ns &+ UInt64(Double(pause) * (0.5 + min(max(jitter, 0), 1)))
    }

    /// The one who tried gave up for reasons of its own: the next one tries.
    package mutating func gaveUp() { isTrying = false }
}
