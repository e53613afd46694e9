import CSQLite
import Glibc
import PluginKit
import SQLStore

/// Stops what a connection is doing: when its call is cancelled, too late, or inline and too long.
///
/// SQLite asks it every few thousand steps of its virtual machine, and whenever a lock is taken.
final class Watch: @unchecked Sendable {
    // Safe from every thread; all else belongs to the thread that uses the connection.
    private let watched: CallWatch
    private var busySince_ns: UInt64 = 0
    private var ticks = 0
    /// Whether the current statement ends a transaction or goes back in it. Stopped halfway, it
    /// would have done so and say that it failed.
    private var isPaused = false
    /// Why the watch stopped the current call.
    private(set) var stopReason: DriverFailure?
    private let host: Host

    /// Steps between two questions, and questions that an inline call is granted: some 50 to 100 us.
    private static let stepsPerTick: Int32 = 1000
    private static let inlineTicksMax = 4
    private static let busyMax_ns: UInt64 = 5_000_000_000
    private static let busyPause_us: UInt32 = 500

    init(host: Host) {
        self.host = host
        watched = CallWatch(host: host)
    }

    /// Makes `database` ask; the connection keeps this object until after it is closed.
    func attach(to database: OpaquePointer) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_progress_handler(
            database, Watch.stepsPerTick,
            { Watch.from($0).map { $0.shouldStop() } == true ? 1 : 0 }, context)
        sqlite3_busy_handler(
            database,
            { context, tries in Watch.from(context).map { $0.waits(tries) } == true ? 1 : 0 },
            context)
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> Watch? {
        // Put there by `attach`.
        context.map { Unmanaged<Watch>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Begins a call; throws when it is already too late.
    func begin(_ call: Call) throws(DriverFailure) {
        ticks = 0
        stopReason = nil
        try watched.begin(call)
    }

    func end() { watched.end() }

    /// From any thread.
    func cancel(_ id: UInt64) { watched.cancel(id) }

    /// Throws when the call is to end.
    func check() throws(DriverFailure) { try watched.check() }

    /// Runs a statement that is stopped by nothing but a lock that it cannot have.
    func pause(_ body: () throws(DriverFailure) -> Void) throws(DriverFailure) {
        isPaused = true
        defer { isPaused = false }
        try body()
    }

    private func shouldStop() -> Bool {
        guard !isPaused, let call = watched.call else { return false }
        ticks += 1
        stopReason =
            call.isInline && ticks > Watch.inlineTicksMax ? .wouldBlock : watched.reasonToStop
        return stopReason != nil
    }

    /// The database is locked by another connection: true to try again after a pause.
    private func waits(_ tries: Int32) -> Bool {
        let now = host.monotonic_ns
        if tries == 0 { busySince_ns = now }
        stopReason = watched.call?.isInline == true ? .wouldBlock : watched.reasonToStop
        guard stopReason == nil, now - busySince_ns < Watch.busyMax_ns else { return false }
        usleep(Watch.busyPause_us)
        return true
    }
}
