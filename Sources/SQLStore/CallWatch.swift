import PluginKit
import Synchronization

/// Knows whether the call that uses a connection is to end: cancelled, or too late.
package final class CallWatch: @unchecked Sendable {
    // The atomics are for every thread; all else belongs to the thread that uses the connection.
    private let callID = Atomic<UInt64>(0)
    private let cancelledID = Atomic<UInt64>(0)
    package private(set) var call: Call?
    private var deadline_ns: UInt64 = 0
    private let host: Host

    package init(host: Host) { self.host = host }

    /// Begins a call; throws when it is already too late.
    ///
    /// - Parameter latest_ns: An earlier deadline than the call's own; 0: none.
    package func begin(_ call: Call, latest_ns: UInt64 = 0) throws(DriverFailure) {
        deadline_ns =
            latest_ns == 0 || call.deadline_ns == 0
            ? max(latest_ns, call.deadline_ns) : min(latest_ns, call.deadline_ns)
        if deadline_ns != 0, host.monotonic_ns >= deadline_ns { throw .deadline }
        self.call = call
        callID.store(call.id, ordering: .releasing)
    }

    /// Begins what no call asks for.
    package func begin(until deadline_ns: UInt64) { self.deadline_ns = deadline_ns }

    package func end() {
        callID.store(0, ordering: .releasing)
        call = nil
        deadline_ns = 0
    }

    /// From any thread. An id that is not running here is ignored; ids are never used twice.
    package func cancel(_ id: UInt64) {
        if id != 0, callID.load(ordering: .acquiring) == id {
            cancelledID.store(id, ordering: .releasing)
        }
    }

    /// Throws when the call is to end.
    package func check() throws(DriverFailure) {
        if let reason = reasonToStop { throw reason }
    }

    /// Why the call is to end; nil while it may go on, and between calls.
    package var reasonToStop: DriverFailure? {
        if let call {
            // 0 is "none".
            let cancelled = cancelledID.load(ordering: .acquiring)
            if cancelled != 0, cancelled == call.id { return .cancelled }
            if call.isCancelled { return .cancelled }
        }
        if deadline_ns != 0, host.monotonic_ns >= deadline_ns { return .deadline }
        return nil
    }

    /// Nanoseconds until the deadline; nil when there is none.
    package var remaining_ns: UInt64? {
        guard deadline_ns != 0 else { return nil }
        let now = host.monotonic_ns
        return now >= deadline_ns ? 0 : deadline_ns - now
    }
}
