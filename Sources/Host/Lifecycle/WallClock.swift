import Glibc

/// The time of day.
enum WallClock {
    /// Seconds since 1970-01-01 UTC.
    @Sendable static func seconds() -> Int64 { Int64(time(nil)) }

    /// Microseconds since 1970-01-01 UTC.
    static func microseconds() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
    }
}
