import PluginKit
import Synchronization

/// Of several servers the one that will do: tried in order, beginning with the one that did last.
package final class ServerChoice: Sendable {
    private let engine: String
    private let count: Int
    private let host: Host
    private let timeout_ns: UInt64
    /// The server that answered last.
    private let favourite = Atomic<Int>(0)

    /// - Parameters:
    ///   - engine: For messages.
    ///   - count: Servers, numbered from 0.
    ///   - timeout_ns: How long one may take.
    package init(_ engine: String, count: Int, host: Host, timeout_ns: UInt64) {
        self.engine = engine
        self.count = count
        self.host = host
        self.timeout_ns = timeout_ns
    }

    /// What the first server gives that does not fail.
    ///
    /// - Parameters:
    ///   - latest_ns: A deadline besides the call's; 0: none.
    ///   - attempt: Connects to a server until a time.
    package func connect<Session>(
        for call: Call, latest_ns: UInt64,
        _ attempt: (_ server: Int, _ limit_ns: UInt64) throws(DriverFailure) -> Session
    ) throws(DriverFailure) -> Session {
        let first = favourite.load(ordering: .relaxed)
        var failures: [DriverFailure] = []
        for turn in 0..<count {
            let server = (first + turn) % count
            do throws(DriverFailure) {
                let session = try attempt(
                    server, limit(call, latest_ns, sharedBy: UInt64(count - turn)))
                favourite.store(server, ordering: .relaxed)
                return session
            } catch {
                if error.status == .cancelled { throw error }
                failures.append(error)
            }
        }
        try call.check(host)
        if latest_ns != 0, host.monotonic_ns >= latest_ns { throw .deadline }
        throw combined(failures)
    }

    private func limit(_ call: Call, _ latest_ns: UInt64, sharedBy servers: UInt64) -> UInt64 {
        let now = host.monotonic_ns
        let deadlines = [call.deadline_ns, latest_ns].filter { $0 > now }
        let shares = deadlines.map { now + ($0 - now) / servers }
        return (shares + [now + timeout_ns]).min() ?? now
    }

    /// What is most worth telling: what a server said rather than silence, and all of it.
    private func combined(_ failures: [DriverFailure]) -> DriverFailure {
        guard var told = failures.first(where: { $0.status == .denied }) ?? failures.first else {
            return DriverFailure(.unavailable, "\(engine): database-url names no server")
        }
        told.message = failures.map(\.message).joined(separator: "; ")
        if failures.contains(where: { $0.flags.contains(.retryable) }) {
            told.flags.insert(.retryable)
        }
        return told
    }
}
