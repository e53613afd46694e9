import PluginKit
import SQLStore

/// Finds the master of a replicated set.
enum Sentinels {
    /// Asks one after the other; who answers first with an address is believed, and the server itself is
    /// asked whether it is the master.
    static func master(_ url: RedisURL, _ watch: CallWatch) throws(DriverFailure) -> Place {
        var reasons: [String] = []
        for sentinel in url.sentinels {
            do throws(DriverFailure) {
                if let place = try ask(sentinel, for: url.service, watch) { return place }
                reasons.append("\(sentinel) does not know \(url.service)")
            } catch {
                if error.status == .cancelled || error.status == .deadline { throw error }
                reasons.append(error.message)
            }
        }
        throw DriverFailure(
            .unavailable, "Redis: no sentinel tells the master: \(reasons.joined(separator: "; "))",
            flags: .retryable)
    }

    private static func ask(
        _ sentinel: Place, for service: String, _ watch: CallWatch
    ) throws(DriverFailure) -> Place? {
        let connection = try RedisConnection(asking: sentinel, watch: watch)
        defer { connection.close() }
        let reply = try connection.run("SENTINEL", "get-master-addr-by-name", service)
        guard case .array(let parts) = reply, parts.count == 2,
            let host = try parts[0].optionalBytes(), let digits = try parts[1].optionalBytes(),
            let port = UInt16(String(decoding: digits, as: UTF8.self))
        else { return nil }
        return .tcp(host: String(decoding: host, as: UTF8.self), port: port)
    }
}
