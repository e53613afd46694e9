import PluginKit
import Synchronization

/// Opens the vault: reads the metadata, derives the keys once, and notices when the metadata changes.
final class VaultDoor: Sendable {
    struct Settings: Sendable {
        var label: String
        /// Of a database that is to be made.
        var cost: PasswordHash.Cost
        /// A label that is to be rotated is no reason to refuse.
        var isMaintenance: Bool
    }

    enum Finding {
        case empty
        case foreign(format: String)
        case vault(Vault)
    }

    private struct State {
        var vault: Vault?
        /// Until the keys are derived.
        var password: SecureMemory?
    }

    private let state: Mutex<State>
    /// Held while keys are derived, which takes long and much memory.
    private let deriving = Mutex(())
    private let settings: Settings
    private let marks = HighWaterMarks()
    private let host: Host

    init(_ settings: Settings, password: SecureMemory, host: Host) {
        self.settings = settings
        self.host = host
        state = Mutex(State(vault: nil, password: password))
    }

    /// The vault of a database that is ready, as it was found last or is found now; throws
    /// ``Status/upgrading`` when it is not.
    func ready(_ connection: RedisConnection) throws(DriverFailure) -> Vault {
        if let vault = state.withLock({ $0.vault }), vault.metadata.isReady { return vault }
        return try refreshed(connection)
    }

    /// Reads the metadata again, because they have changed.
    func refreshed(_ connection: RedisConnection) throws(DriverFailure) -> Vault {
        guard case .vault(let vault) = try inspect(connection), vault.metadata.isReady else {
            throw .upgrading
        }
        return vault
    }

    /// What there is, whatever its state.
    func inspect(_ connection: RedisConnection) throws(DriverFailure) -> Finding {
        let store = MetadataStore(connection: connection)
        var found = try store.read()
        if found == nil {
            state.withLock { $0.vault = nil }
            if try store.isEmpty() { return .empty }
            // Somebody may have made it between the two looks.
            found = try store.read()
        }
        guard let found else { return .foreign(format: try store.foreignFormat()) }
        let keys = try keys(for: found)
        let metadata = found.metadata
        guard settings.isMaintenance || metadata.label == settings.label else {
            throw DriverFailure(
                .invalid,
                "Redis: the database has another redis-findex-label than the configuration: set it to "
                    + "the one that the database was made with")
        }
        guard metadata.next.isEmpty else {
            throw DriverFailure(
                .unsupported, "Redis: the label is being rotated by a newer driver: use that one")
        }
        let vault = Vault(metadata, keys, marks)
        state.withLock { state in
            state.vault = vault
            state.password = nil
        }
        return .vault(vault)
    }

    /// Verified against the check record.
    private func keys(for found: MetadataStore.Found) throws(DriverFailure) -> VaultKeys {
        try deriving.withLock { (_) throws(DriverFailure) -> VaultKeys in
            let (vault, password) = state.withLock { ($0.vault, $0.password) }
            if let vault, vault.metadata.salt == found.metadata.salt,
                vault.metadata.cost == found.metadata.cost
            {
                try MetadataStore.verify(found, vault.keys)
                return vault.keys
            }
            guard let password else {
                throw DriverFailure(
                    .denied, "Redis: another database is in its place: restart the server")
            }
            let keys = try derive(found.metadata, password)
            try MetadataStore.verify(found, keys)
            return keys
        }
    }

    private func derive(
        _ metadata: Metadata, _ password: SecureMemory
    ) throws(DriverFailure) -> VaultKeys {
        try password.withExposedBytes { (password) throws(DriverFailure) in
            try PasswordHash.withKey(
                from: password, salt: metadata.saltBytes, metadata.cost
            ) { (key) throws(DriverFailure) in try VaultKeys(masterKey: key, host: host) }
        }
    }

    /// Makes a database where nothing is; somebody who was faster is fine.
    func create(_ connection: RedisConnection) throws(DriverFailure) {
        guard let password = state.withLock({ $0.password }) else {
            throw DriverFailure(
                .unavailable,
                "Redis: the database has vanished: restart the server to make a new one")
        }
        let digits = Array("0123456789abcdef".utf8)
        let salt = try host.random(16).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        let metadata = Metadata(
            salt: String(decoding: salt, as: UTF8.self), cost: settings.cost, label: settings.label,
            host: host.version)
        let keys = try derive(metadata, password)
        _ = try MetadataStore(connection: connection).write(metadata, replacing: nil, keys, host)
    }

    /// Changes the metadata of a vault; false when somebody else did meanwhile.
    func change(
        _ vault: Vault, _ connection: RedisConnection, _ body: (inout Metadata) -> Void
    ) throws(DriverFailure) -> Bool {
        var metadata = vault.metadata
        body(&metadata)
        metadata.epoch += 1
        return try MetadataStore(connection: connection).write(
            metadata, replacing: vault.metadata.epoch, vault.keys, host)
    }
}

extension Metadata {
    /// Data may be read and written.
    var isReady: Bool { state == .ready && schema == Metadata.supported }
}
