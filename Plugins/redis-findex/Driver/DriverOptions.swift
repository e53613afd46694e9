import PluginKit

/// The settings of the driver, parsed once.
struct DriverOptions {
    var url: RedisURL
    var tls: TLSSettings?
    var connections: Int
    var timeout_ns: UInt64
    var masterPassword: SecureMemory
    var vault: VaultDoor.Settings
    var isReadOnly: Bool
    /// As many must have a commit before it counts as done.
    var replicas: Int64

    init(_ options: OpenOptions, _ host: Host) throws(DriverFailure) {
        guard let text = options.text("database-url") else {
            throw .invalid("Redis: database-url is missing")
        }
        url = try RedisURL(text, host: host)
        guard let password = options.text("redis-master-password"), !password.isEmpty else {
            throw .invalid(
                "Redis: redis-master-password is missing: everything is encrypted with it")
        }
        masterPassword = try host.secureMemory(copying: password.utf8)
        let label = options.text("redis-findex-label").map { String($0) } ?? "label"
        guard (1...255).contains(label.utf8.count), !label.contains("\n") else {
            throw .invalid("Redis: redis-findex-label must have 1 to 255 bytes and no line break")
        }
        let cost = PasswordHash.Cost(
            memory_KiB: UInt32(clamping: options.number("redis-argon2-memory") ?? 65_536),
            passes: UInt32(clamping: options.number("redis-argon2-passes") ?? 3),
            lanes: UInt32(clamping: options.number("redis-argon2-lanes") ?? 4))
        vault = VaultDoor.Settings(
            label: label, cost: cost, isMaintenance: options.flags.contains(.maintenance))
        replicas = options.number("redis-min-replicas") ?? 0
        isReadOnly = options.flags.contains(.readOnly)
        let most = options.number("max-connections").map(Int.init(clamping:)) ?? 8
        connections = min(most, max(options.concurrency, 1))
        timeout_ns = UInt64(clamping: options.number("connect-timeout") ?? 5_000_000_000)
        guard url.usesTLS else { return }
        tls = try TLSSettings(
            authorities: options.text("redis-ca-cert").map { String($0) },
            certificate: options.text("redis-client-cert").map { String($0) },
            key: options.text("redis-client-key").map { String($0) })
    }
}
