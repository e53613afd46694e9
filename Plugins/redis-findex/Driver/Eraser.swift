import PluginKit

/// Deletes everything but the metadata. Meanwhile the database says `clearing`, and nobody reads or
/// writes it; who comes after a crash goes on.
struct Eraser {
    let connection: RedisConnection
    let door: VaultDoor

    private static let attempts = 16

    /// - Parameter presence: Refuses when others are there; nil: whoever is.
    func run(_ vault: Vault, _ presence: Presence?) throws(DriverFailure) {
        try presence?.requireNobodyElse(connection)
        guard try door.change(vault, connection, { $0.state = .clearing }) else {
            throw DriverFailure(
                .unavailable, "Redis: the metadata have just changed", flags: .retryable)
        }
        try resume()
    }

    /// Deletes and says `ready` again.
    func resume() throws(DriverFailure) {
        for table in [.object, .permissions, .unique, .entry, .link] as [RecordKey.Table] {
            try Scan(connection: connection).forEach(table.prefix + [UInt8(ascii: "*")]) {
                (keys) throws(DriverFailure) in
                _ = try connection.run([Array("UNLINK".utf8)] + keys)
            }
        }
        // The stream keeps counting where it was, so that no old token is good again.
        for reply in try connection.exchange([
            [Array("MULTI".utf8)],
            [Array("XTRIM".utf8), Metadata.feed, Array("MAXLEN".utf8), Array("0".utf8)],
            [
                Array("XADD".utf8), Metadata.feed, Array("*".utf8), Array("w".utf8),
                Array("0".utf8),
            ], [Array("EXEC".utf8)],
        ]) {
            if case .error(let text) = reply { throw RedisFailure.make(text) }
        }
        try finish()
    }

    private func finish() throws(DriverFailure) {
        for _ in 0..<Self.attempts {
            guard case .vault(let vault) = try door.inspect(connection) else { return }
            if vault.metadata.state != .clearing { return }
            if try door.change(vault, connection, { $0.state = .ready }) {
                _ = try door.inspect(connection)
                return
            }
        }
        throw DriverFailure(.unavailable, "Redis: the metadata keep changing", flags: .retryable)
    }
}
