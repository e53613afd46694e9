import PluginKit

/// The keys of one keyword's chain of links, and the order of their tokens. Findex, format 6.
package final class Chain {
    private let token: KMAC
    private var value: [UInt8]

    private static let info = Array("Chain Table key derivation info.".utf8)
    package static let valueSize = GCM.nonceSize + ChainLink.size + GCM.tagSize

    package init(seed: [UInt8]) throws(DriverFailure) {
        var key = try VaultKeys.derive(seed, Self.info, "KMAC key")
        defer { key.wipe() }
        token = try KMAC(key: key)
        value = try VaultKeys.derive(seed, Self.info, "DEM key")
    }

    deinit { value.wipe() }

    /// The token of the first link of the keyword with this hash.
    package func first(_ hash: [UInt8]) throws(DriverFailure) -> [UInt8] {
        try token.code(of: hash, Self.info)
    }

    package func next(after previous: [UInt8]) throws(DriverFailure) -> [UInt8] {
        try token.code(of: previous, Self.info)
    }

    /// The token of the link that follows the entry's last one.
    func following(_ entry: IndexEntry) throws(DriverFailure) -> [UInt8] {
        entry.last == IndexEntry.noLink ? try first(entry.hash) : try next(after: entry.last)
    }

    package func sealed(_ link: [UInt8], nonce: [UInt8]) throws(DriverFailure) -> [UInt8] {
        try value.withBorrowedBytes { (key) throws(DriverFailure) in
            try link.withBorrowedBytes { (link) throws(DriverFailure) in
                nonce + (try GCM.seal(link, key: key, nonce: nonce))
            }
        }
    }

    /// The 86 bytes of a link.
    package func opened(_ value: [UInt8]) throws(DriverFailure) -> [UInt8] {
        guard value.count == Self.valueSize else { throw Self.damaged("has another size") }
        let plaintext = try self.value.withBorrowedBytes { (key) throws(DriverFailure) in
            try value.withBorrowedBytes { (value) throws(DriverFailure) in
                try GCM.open(
                    value.slice(GCM.nonceSize..<value.count), key: key,
                    nonce: value.slice(0..<GCM.nonceSize))
            }
        }
        guard let plaintext else {
            throw Self.damaged("does not authenticate: it was changed, or is of another chain")
        }
        return Array(plaintext.bytes)
    }

    static func damaged(_ how: String) -> DriverFailure {
        DriverFailure(.corrupt, "Redis: index corrupted: a link \(how)")
    }
}
