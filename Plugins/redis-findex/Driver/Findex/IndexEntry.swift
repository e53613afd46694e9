import PluginKit

/// An entry of the index: where the chain of a keyword ends, and the seed of its keys. Findex, format 6.
package struct IndexEntry: Equatable {
    /// The token of the newest link; zeroes: there is none.
    package var last: [UInt8]
    /// 16 bytes.
    package var seed: [UInt8]
    /// The hash of the keyword.
    package var hash: [UInt8]

    package static let noLink = [UInt8](repeating: 0, count: 32)
    package static let valueSize = GCM.nonceSize + 80 + GCM.tagSize

    package init(last: [UInt8] = noLink, seed: [UInt8], hash: [UInt8]) {
        self.last = last
        self.seed = seed
        self.hash = hash
    }

    /// The key in Redis of the keyword with this hash, under a label.
    package static func key(
        _ hash: [UInt8], label: [UInt8], _ token: KMAC
    ) throws(DriverFailure) -> RecordKey {
        RecordKey(.entry, token: try token.code(of: hash, label))
    }

    package func sealed(_ key: SecureMemory, nonce: [UInt8]) throws(DriverFailure) -> [UInt8] {
        var plaintext = last + seed + hash
        defer { plaintext.wipe() }
        return try key.withExposedBytes { (key) throws(DriverFailure) in
            try plaintext.withBorrowedBytes { (plaintext) throws(DriverFailure) in
                nonce + (try GCM.seal(plaintext, key: key, nonce: nonce))
            }
        }
    }

    /// - Parameter hash: Of the keyword that the entry must be for; nil: any.
    package init(
        _ value: [UInt8], for hash: [UInt8]?, _ key: SecureMemory
    ) throws(DriverFailure) {
        guard value.count == Self.valueSize else { throw Self.damaged("has another size") }
        let plaintext = try key.withExposedBytes { (key) throws(DriverFailure) in
            try value.withBorrowedBytes { (value) throws(DriverFailure) in
                try GCM.open(
                    value.slice(GCM.nonceSize..<value.count), key: key,
                    nonce: value.slice(0..<GCM.nonceSize))
            }
        }
        guard let plaintext else { throw Self.damaged("does not authenticate") }
        last = Array(plaintext.bytes.slice(0..<32))
        seed = Array(plaintext.bytes.slice(32..<48))
        self.hash = Array(plaintext.bytes.slice(48..<80))
        guard hash == nil || self.hash == hash else {
            throw Self.damaged("is that of another keyword: keyword hash mismatch")
        }
    }

    private static func damaged(_ how: String) -> DriverFailure {
        DriverFailure(.corrupt, "Redis: index corrupted: an entry \(how)")
    }
}
