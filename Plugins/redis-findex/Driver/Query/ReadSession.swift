import PluginKit

/// Reads of one call: each is of a database that was ready when it was read.
final class ReadSession {
    let connection: RedisConnection
    private let door: VaultDoor
    private(set) var vault: Vault

    private static let attempts = 16

    init(_ connection: RedisConnection, _ door: VaultDoor) throws(DriverFailure) {
        self.connection = connection
        self.door = door
        vault = try door.ready(connection)
    }

    /// Reads the metadata again: somebody else has found them changed.
    func refresh() throws(DriverFailure) { vault = try door.refreshed(connection) }

    /// Values of keys at one instant, in their order; nil for what is not there.
    ///
    /// - Parameter keys: Asked again when the metadata have changed: they may depend on the label.
    func values(
        _ keys: (Vault) throws(DriverFailure) -> [RecordKey]
    ) throws(DriverFailure) -> [[UInt8]?] {
        for _ in 0..<Self.attempts {
            let wanted = try keys(vault)
            let read: [Command] =
                wanted.isEmpty ? [] : [[Array("MGET".utf8)] + wanted.map(\.bytes)]
            let replies = try run(read)
            guard let replies else { continue }
            guard !wanted.isEmpty else { return [] }
            let elements = try replies[0].elements()
            guard elements.count == wanted.count else { throw RedisFailure.unexpected }
            var values: [[UInt8]?] = []
            values.reserveCapacity(elements.count)
            for element in elements { values.append(try element.optionalBytes()) }
            return values
        }
        throw DriverFailure(.unavailable, "Redis: the metadata keep changing", flags: .retryable)
    }

    /// Answers to commands that do not depend on the metadata; nil when these have changed meanwhile,
    /// and were read again.
    func run(_ commands: [Command]) throws(DriverFailure) -> [Reply]? {
        let replies = try connection.exchange(
            commands + [[Array("HGET".utf8), Metadata.name, Array("epoch".utf8)]])
        for reply in replies { if case .error(let text) = reply { throw RedisFailure.make(text) } }
        guard case .bytes(let epoch)? = replies.last,
            epoch.elementsEqual("\(vault.metadata.epoch)".utf8)
        else {
            vault = try door.refreshed(connection)
            return nil
        }
        return replies
    }
}
