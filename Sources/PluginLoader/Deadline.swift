import Glibc

/// A point on `CLOCK_MONOTONIC` until which the answer to a call is of use.
public struct Deadline: Sendable, Hashable {
    /// Nanoseconds on `CLOCK_MONOTONIC`; 0 means none, as in `kms_call.deadline_ns`.
    public let nanoseconds: UInt64

    /// - Parameter nanoseconds: On `CLOCK_MONOTONIC`; 0 means none.
    public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    /// The caller waits for as long as it takes.
    public static let none = Deadline(nanoseconds: 0)

    /// The moment `duration` from now. What lies beyond the clock is none.
    public static func after(_ duration: Duration) -> Deadline {
        let now = monotonicNanoseconds()
        let (seconds, attoseconds) = duration.components
        guard seconds >= 0, attoseconds >= 0 else { return Deadline(nanoseconds: now) }
        let (whole, overflowed) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, sumOverflowed) = now.addingReportingOverflow(whole)
        guard !overflowed, !sumOverflowed, sum < .max - 1_000_000_000 else { return .none }
        return Deadline(nanoseconds: sum + UInt64(attoseconds / 1_000_000_000))
    }

    public var isNone: Bool { nanoseconds == 0 }

    /// Whether the moment is over. Reads the clock, unless there is no deadline.
    public var hasPassed: Bool { nanoseconds != 0 && monotonicNanoseconds() >= nanoseconds }

    /// The time that is left, at least zero; nil when there is no deadline.
    public var remaining: Duration? {
        guard !isNone else { return nil }
        let now = monotonicNanoseconds()
        return .nanoseconds(nanoseconds > now ? Int64(clamping: nanoseconds - now) : 0)
    }

    /// The later of the two; none is later than any.
    func later(than other: Deadline) -> Deadline {
        if isNone || other.isNone { return .none }
        return nanoseconds >= other.nanoseconds ? self : other
    }
}

/// The clock of all deadlines, which drivers read as `kms_host.monotonic_ns`.
package func monotonicNanoseconds() -> UInt64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
}
