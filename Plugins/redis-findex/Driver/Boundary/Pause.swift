import Glibc

/// Short waits between attempts.
enum Pause {
    static func milliseconds(_ count: UInt32) { usleep(count * 1000) }
    static func upToMilliseconds(_ count: UInt32) { usleep(UInt32.random(in: 0...count * 1000)) }
}
