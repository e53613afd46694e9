import PluginKit

/// Records as they lie in Redis: `01 ‖ nonce[12] ‖ AES-256-GCM`, each under a key of its own and bound
/// to its place.
package enum Sealing {
    /// Version and nonce: no two records begin alike, so that is what a guard compares.
    package static let guardSize = 1 + GCM.nonceSize
    private static let version: UInt8 = 1
    /// Sizes tell no more than the multiple.
    package static let padding = 64

    package static func seal(
        _ plaintext: BorrowedBytes, at place: RecordKey, nonce: [UInt8], _ keys: VaultKeys
    ) throws(DriverFailure) -> [UInt8] {
        var key = try keys.record.code(of: place.bytes)
        defer { key.wipe() }
        let sealed = try key.withBorrowedBytes { (key) throws(DriverFailure) in
            try GCM.seal(plaintext, key: key, nonce: nonce, additionalData: place.bytes)
        }
        return [version] + nonce + sealed
    }

    /// Throws ``Status/corrupt`` for everything that was not sealed for this place.
    package static func open(
        _ value: [UInt8], at place: RecordKey, _ keys: VaultKeys
    ) throws(DriverFailure) -> Plaintext {
        guard value.count >= guardSize + GCM.tagSize, value[0] == version else {
            throw damaged(place)
        }
        var key = try keys.record.code(of: place.bytes)
        defer { key.wipe() }
        let plaintext = try key.withBorrowedBytes { (key) throws(DriverFailure) in
            try value.withBorrowedBytes { (value) throws(DriverFailure) in
                try GCM.open(
                    value.slice(guardSize..<value.count), key: key,
                    nonce: value.slice(1..<guardSize), additionalData: place.bytes)
            }
        }
        guard let plaintext else { throw damaged(place) }
        return plaintext
    }

    static func damaged(_ place: RecordKey) -> DriverFailure {
        DriverFailure(
            .corrupt,
            "Redis: a record of the table \"\(place.table?.name ?? "unknown")\" does not "
                + "authenticate: it was changed, moved, or sealed under another key")
    }
}
