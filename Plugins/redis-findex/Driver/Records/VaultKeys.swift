import PluginKit

/// All keys of one database, derived from the master password.
package final class VaultKeys: Sendable {
    /// Names records: `Ktok`.
    package let token: KMAC
    /// Makes the keys of records: `Krec`.
    package let record: KMAC
    /// Names entries of the index: `Kt`.
    package let entryToken: KMAC
    /// Seals entries of the index: `Kv`, 32 bytes.
    package let entryValue: SecureMemory

    private static let entryInfo = Array("Entry Table key derivation info.".utf8)

    /// - Parameter masterKey: 32 bytes, as Argon2 made them; the caller's to zero.
    package init(masterKey: [UInt8], host: Host) throws(DriverFailure) {
        var master = masterKey
        defer { master.wipe() }
        var seed = try VaultKeys.seed(masterKey: master)
        defer { seed.wipe() }
        let mac = try KMAC(key: master)
        token = try VaultKeys.keyed(by: try mac.code(of: Array("rf1 token".utf8)))
        record = try VaultKeys.keyed(by: try mac.code(of: Array("rf1 record".utf8)))
        entryToken = try VaultKeys.keyed(
            by: try VaultKeys.derive(seed, VaultKeys.entryInfo, "KMAC key"))
        var value = try VaultKeys.derive(seed, VaultKeys.entryInfo, "DEM key")
        defer { value.wipe() }
        entryValue = try value.withBorrowedBytes { (bytes) throws(DriverFailure) in
            try host.secureMemory(copying: bytes)
        }
    }

    /// The seed of the Findex index: 16 bytes, derived as Cosmian KMS 4 does.
    package static func seed(masterKey: [UInt8]) throws(DriverFailure) -> [UInt8] {
        var text = Array("findex".utf8) + masterKey
        defer { text.wipe() }
        return try Sponge.shake(text, count: 16)
    }

    /// `SHAKE256(seed ‖ info ‖ name)[32]`.
    package static func derive(
        _ seed: [UInt8], _ info: [UInt8], _ name: StaticString
    ) throws(DriverFailure) -> [UInt8] {
        var text = seed + info + BorrowedText(name).utf8
        defer { text.wipe() }
        return try Sponge.shake(text, count: 32)
    }

    private static func keyed(by key: [UInt8]) throws(DriverFailure) -> KMAC {
        var key = key
        defer { key.wipe() }
        return try KMAC(key: key)
    }
}
