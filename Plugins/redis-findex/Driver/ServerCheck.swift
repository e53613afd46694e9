import PluginKit

/// Whether a server will do, judged by what it says of itself.
struct ServerCheck {
    private var facts: [String: String] = [:]

    init(_ connection: RedisConnection) throws(DriverFailure) {
        guard let text = try connection.run("INFO").optionalBytes() else {
            throw RedisFailure.unexpected
        }
        for line in text.split(whereSeparator: { $0 == 10 || $0 == 13 }) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            facts[String(decoding: line[..<colon], as: UTF8.self)] = String(
                decoding: line[(colon + 1)...], as: UTF8.self)
        }
    }

    /// "Redis 7.0.15".
    var backend: String { "Redis \(facts["redis_version"] ?? "of an unknown version")" }

    /// Throws the reason for which the server is refused.
    func requireFit(isReadOnly: Bool) throws(DriverFailure) {
        let major = facts["redis_version"]?.split(separator: ".").first.flatMap { Int($0) } ?? 0
        guard major >= 6 else { throw Self.refusal("\(backend) is too old: version 6 is needed") }
        guard facts["cluster_enabled"] != "1" else {
            throw Self.refusal("cluster mode is not supported: commits would span slots")
        }
        guard let policy = facts["maxmemory_policy"], policy == "noeviction" else {
            throw Self.refusal(
                "the server drops keys when memory is short: set maxmemory-policy to noeviction")
        }
        guard isReadOnly || facts["role"] == "master" else {
            throw DriverFailure(
                .unavailable, "Redis: the server is a replica, which only reads: name its master",
                flags: .retryable)
        }
    }

    private static func refusal(_ reason: String) -> DriverFailure {
        DriverFailure(.unsupported, "Redis: \(reason)")
    }

    /// What the operator should know; nil: all is well.
    var warning: String? {
        let isKept = facts["aof_enabled"] == "1" || (facts["connected_slaves"] ?? "0") != "0"
        guard !isKept else { return nil }
        return
            "Redis: neither an append-only file nor a replica keeps what is written: a crash of the "
            + "server loses keys; set appendonly yes and appendfsync always"
    }
}
