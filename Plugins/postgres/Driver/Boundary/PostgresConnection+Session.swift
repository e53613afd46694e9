import CPostgreSQL
import Glibc
import PluginKit
import SQLStore

// The schema's lock, timeouts and notifications.
extension PostgresConnection {
    /// How long and how often to try while another server holds the lock.
    private static let lockAttempts = 100
    private static let lockPause_us: UInt32 = 50_000

    package func lockSchema() throws(DriverFailure) {
        for _ in 0..<Self.lockAttempts {
            let attempt = try statement(.tryLock)
            defer { attempt.reset() }
            if try attempt.step(), attempt.integer(0) == 1 { return }
            try watch.check()
            usleep(Self.lockPause_us)
        }
        throw DriverFailure(
            .upgrading, "PostgreSQL: another server is changing the schema", flags: .retryable)
    }

    package func unlockSchema() {
        guard loss == nil else { return }
        do throws(DriverFailure) {
            try statement(.unlock).run()
        } catch {
            loss = loss ?? error  // closing the connection unlocks, too
        }
    }

    package func beginCall() throws(DriverFailure) {
        let needed = Self.timeout(for: watch.remaining_ns)
        guard needed != timeout_ms else { return }
        timeout_ms = needed
        let statement = try statement(.setTimeout)
        statement.bind(1, copyingText: Array("\(needed)".utf8))
        try statement.post(.none)
    }

    /// The server's own bound for each statement: the deadline, raised to a step so that it rarely
    /// has to be told. 0: none.
    private static func timeout(for remaining_ns: UInt64?) -> Int64 {
        guard let remaining_ns else { return 0 }
        let steps: [Int64] = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 3600]
        let seconds = Int64(clamping: remaining_ns / 1_000_000_000)
        return (steps.first { $0 > seconds } ?? 86_400) * 1000
    }

    package func endCall() {
        guard loss == nil, isOpenEnded else { return }
        do throws(DriverFailure) {
            try sync()
            if PQflush(handle) < 0 { throw lose() }
        } catch {
            loss = loss ?? error
        }
    }

    package func listen() throws(DriverFailure) {
        guard !isListening else { return }
        try statement(.listen).run()
        isListening = true
    }

    /// Who waits looks by itself after that long, as notifications are held back where many write.
    private static let changesPause_ms: Int32 = 200

    package func waitForNews() throws(DriverFailure) {
        try settle()
        var rest = Self.changesPause_ms
        while rest > 0 {
            if takeNotifications() { return }
            try watch.check()
            try wait(toWrite: false, for: min(rest, Self.tick_ms))
            rest -= Self.tick_ms
        }
    }

    private func takeNotifications() -> Bool {
        var found = false
        while let notification = PQnotifies(handle) {
            PQfreemem(notification)
            found = true
        }
        return found
    }
}
