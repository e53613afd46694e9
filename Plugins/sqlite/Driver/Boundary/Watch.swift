import CSQLite
import Glibc
import PluginKit
import Synchronization

/// Stops what a connection is doing: when its call is cancelled, too late, or inline and too long.
///
/// SQLite asks it every few thousand steps of its virtual machine, and whenever a lock is taken.
final class Watch: @unchecked Sendable {
    // The atomics are for every thread; all else belongs to the thread that uses the connection.
    private let callID = Atomic<UInt64>(0)
    private let cancelledID = Atomic<UInt64>(0)
    private var call: Call?
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

    init(host: Host) { self.host = host }

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
        if call.deadline_ns != 0, host.monotonic_ns >= call.deadline_ns { throw .deadline }
        self.call = call
        ticks = 0
        stopReason = nil
        callID.store(call.id, ordering: .releasing)
    }

    func end() {
        callID.store(0, ordering: .releasing)
        call = nil
    }

    /// From any thread. An id that is not running here is ignored; ids are never used twice.
    func cancel(_ id: UInt64) {
        if id != 0, callID.load(ordering: .acquiring) == id {
            cancelledID.store(id, ordering: .releasing)
        }
    }

    /// Throws when the call is to end.
    func check() throws(DriverFailure) {
        if let reason = reasonToStop() { throw reason }
    }

    private func reasonToStop() -> DriverFailure? {
        guard let call else { return nil }
        // 0 is "none".
        let cancelled = cancelledID.load(ordering: .acquiring)
        if cancelled != 0, cancelled == call.id { return .cancelled }
        if call.isCancelled { return .cancelled }
        if call.deadline_ns != 0, host.monotonic_ns >= call.deadline_ns { return .deadline }
        return nil
    }

    /// Runs a statement that is stopped by nothing but a lock that it cannot have.
    func pause(_ body: () throws(DriverFailure) -> Void) throws(DriverFailure) {
        isPaused = true
        defer { isPaused = false }
        try body()
    }

    private func shouldStop() -> Bool {
        guard let call, !isPaused else { return false }
        ticks += 1
        stopReason =
            call.isInline && ticks > Watch.inlineTicksMax ? .wouldBlock : reasonToStop()
        return stopReason != nil
    }

    /// The database is locked by another connection: true to try again after a pause.
    private func waits(_ tries: Int32) -> Bool {
        let now = host.monotonic_ns
        if tries == 0 { busySince_ns = now }
        stopReason = call?.isInline == true ? .wouldBlock : reasonToStop()
        guard stopReason == nil, now - busySince_ns < Watch.busyMax_ns else { return false }
        usleep(Watch.busyPause_us)
        return true
    }
}
