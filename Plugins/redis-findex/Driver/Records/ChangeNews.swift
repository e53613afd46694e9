import PluginKit

/// What one commit tells in the feed.
enum ChangeNews {
    static let place = RecordKey(bytes: Metadata.feed)

    /// Bound to the write id, so that nobody can tell old news under a new one.
    static func encoded(_ uids: [[UInt8]], writeID: [UInt8]) throws(DriverFailure) -> Plaintext {
        var fields = FieldWriter()
        fields.sized(writeID, 1)
        fields.number(uids.count, 4)
        for uid in uids { fields.sized(uid, 2) }
        let plaintext = try Plaintext(capacity: fields.bytes.count + Sealing.padding)
        fields.bytes.withBorrowedBytes { plaintext.append($0) }
        plaintext.pad(toMultipleOf: Sealing.padding)
        return plaintext
    }

    static func uids(
        _ sealed: [UInt8], writeID: [UInt8], _ keys: VaultKeys
    ) throws(DriverFailure) -> [[UInt8]] {
        let plaintext = try Sealing.open(sealed, at: place, keys)
        var reader = FieldReader(plaintext.bytes)
        guard try reader.sized(1).elementsEqual(writeID) else { throw Sealing.damaged(place) }
        var uids: [[UInt8]] = []
        for _ in 0..<(try reader.number(4)) { uids.append(Array(try reader.sized(2))) }
        return uids
    }
}
