import PluginKit

/// How servers on one database know of each other: each names its connections, and Redis lists those
/// that are open. A server that dies is gone from the list with its connections.
struct Presence: Sendable {
    /// Random, so that it tells nothing.
    let name: String
    private let database: Int

    private static let prefix = "rf1-"
    /// A connection that was closed just before may still be listed.
    private static let looks = 4
    private static let pause_ms: UInt32 = 10

    init(database: Int, host: Host) throws(DriverFailure) {
        let digits = Array("0123456789abcdef".utf8)
        let random = try host.random(8).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        name = Self.prefix + String(decoding: random, as: UTF8.self)
        self.database = database
    }

    /// Throws ``Status/conflict`` while another server has the database open.
    func requireNobodyElse(_ connection: RedisConnection) throws(DriverFailure) {
        for look in 1...Self.looks {
            if try !hasOthers(connection) { return }
            if look < Self.looks { Pause.milliseconds(Self.pause_ms) }
        }
        throw DriverFailure(
            .conflict,
            "Redis: another server has the database open: stop it, or clear by force")
    }

    private func hasOthers(_ connection: RedisConnection) throws(DriverFailure) -> Bool {
        guard let list = try connection.run("CLIENT", "LIST").optionalBytes() else {
            throw RedisFailure.unexpected
        }
        for line in String(decoding: list, as: UTF8.self).split(separator: "\n") {
            var fields: [Substring: Substring] = [:]
            for field in line.split(separator: " ") {
                let parts = field.split(separator: "=", maxSplits: 1)
                if parts.count == 2 { fields[parts[0]] = parts[1] }
            }
            let other = fields["name"] ?? ""
            if other.hasPrefix(Self.prefix), other != name, fields["db"] == "\(database)" {
                return true
            }
        }
        return false
    }
}
