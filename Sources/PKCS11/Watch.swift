import PluginKit
import Synchronization

/// Whether anybody still waits for what a thread works on. It outlives the call, whose own struct
/// is gone when the call returned.
final class Watch: @unchecked Sendable {  // see `call`
    private let host: Host
    private let deadline_ns: UInt64
    private let isAbandoned = Atomic(false)
    /// Asked only on the thread that made the call, while it is in flight.
    private let call: Call?

    /// - Parameter isInPlace: The work is done by the calling thread.
    init(_ call: Call, host: Host, isInPlace: Bool) {
        self.host = host
        deadline_ns = call.deadline_ns
        self.call = isInPlace ? call : nil
    }

    func abandon() { isAbandoned.store(true, ordering: .relaxed) }

    func check() throws(DriverFailure) {
        if let call { return try call.check(host) }
        if isAbandoned.load(ordering: .relaxed) { throw .cancelled }
        if deadline_ns != 0, host.monotonic_ns >= deadline_ns { throw .deadline }
    }
}
