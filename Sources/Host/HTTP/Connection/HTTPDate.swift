import Glibc
import Synchronization

/// The `Date` of an answer, in the form of RFC 9110, section 5.6.7.
enum HTTPDate {
    private static let latest = Mutex((second: Int64.min, text: ""))

    /// The text of this second; made once for all answers of it.
    static func current() -> String {
        let second = WallClock.seconds()
        return latest.withLock { latest in
            if latest.second != second { latest = (second, text(of: second)) }
            return latest.text
        }
    }

    /// - Parameter second: Since 1970-01-01 UTC.
    static func text(of second: Int64) -> String {
        var second = time_t(second)
        var date = tm()
        gmtime_r(&second, &date)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        let clock = [date.tm_hour, date.tm_min, date.tm_sec].map { twoDigits($0) }
        return "\(days[Int(date.tm_wday)]), \(twoDigits(date.tm_mday)) \(months[Int(date.tm_mon)])"
            + " \(date.tm_year + 1900) \(clock.joined(separator: ":")) GMT"
    }

    private static func twoDigits(_ number: Int32) -> String { (number < 10 ? "0" : "") + "\(number)" }
}
