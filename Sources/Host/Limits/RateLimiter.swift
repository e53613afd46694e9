import Synchronization

/// So many requests a second for each of many callers, with a burst of as many. Thread-safe.
final class RateLimiter: Sendable {
    private struct Bucket {
        /// Requests that may come now.
        var tokens: Double
        /// Seconds of the limiter's clock.
        var at: Double
    }

    private let rate: Double
    private let buckets = Mutex<[String: Bucket]>([:])
    private let start = ContinuousClock.now

    /// Callers kept at once; those with full buckets are forgotten first.
    private static let countMax = 50_000

    /// - Parameter rate: Requests a second; nil for 0, which is no limit.
    init?(rate: Int) {
        guard rate > 0 else { return nil }
        self.rate = Double(rate)
    }

    /// Takes one request of the caller's.
    ///
    /// - Returns: Nil when it may come, else the whole seconds after which one may.
    func delay(_ caller: String) -> Int? { delay(caller, at: Double(start.duration(to: .now))) }

    /// - Parameter now: Seconds, never less than before.
    func delay(_ caller: String, at now: Double) -> Int? {
        buckets.withLock { buckets in
            if buckets.count >= Self.countMax, buckets[caller] == nil { sweep(&buckets, now) }
            var bucket = buckets[caller] ?? Bucket(tokens: rate, at: now)
            bucket.tokens = min(rate, bucket.tokens + (now - bucket.at) * rate)
            bucket.at = now
            let isAllowed = bucket.tokens >= 1
            if isAllowed { bucket.tokens -= 1 }
            buckets[caller] = bucket
            return isAllowed ? nil : max(1, Int(((1 - bucket.tokens) / rate).rounded(.up)))
        }
    }

    /// Forgets who would have a full bucket by now: a new one is the same.
    private func sweep(_ buckets: inout [String: Bucket], _ now: Double) {
        buckets = buckets.filter { $0.value.tokens + (now - $0.value.at) * rate < rate }
        // So many at once are an attack: who comes back begins anew.
        if buckets.count >= Self.countMax { buckets.removeAll() }
    }
}

extension Double {
    fileprivate init(_ duration: Duration) {
        self = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }
}
