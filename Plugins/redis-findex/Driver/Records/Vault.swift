import PluginKit

/// The database as this handle knows it: what its metadata said, and the keys.
final class Vault: Sendable {
    let metadata: Metadata
    let keys: VaultKeys
    private let marks: HighWaterMarks

    init(_ metadata: Metadata, _ keys: VaultKeys, _ marks: HighWaterMarks) {
        self.metadata = metadata
        self.keys = keys
        self.marks = marks
    }

    /// To be taken before records are read.
    func moment() -> HighWaterMarks.Moment { marks.moment() }

    func key(object uid: [UInt8]) throws(DriverFailure) -> RecordKey {
        try RecordKey(.object, uid, keys)
    }
    func key(permissions uid: [UInt8]) throws(DriverFailure) -> RecordKey {
        try RecordKey(.permissions, uid, keys)
    }
    func key(unique term: StoredTerm) throws(DriverFailure) -> RecordKey {
        try RecordKey(.unique, term.identity, keys)
    }

    /// The object in a record. A nil uid: whichever it is.
    func object(
        _ value: [UInt8], at place: RecordKey, uid: [UInt8]?,
        readAfter start: HighWaterMarks.Moment
    ) throws(DriverFailure) -> StoredObject {
        let object = try StoredObject(Sealing.open(value, at: place, keys))
        guard uid == nil || object.uid == uid else { throw Sealing.damaged(place) }
        try require(.init(created: object.created, counter: object.counter), place, start)
        return object
    }

    func permissions(
        _ value: [UInt8], at place: RecordKey, uid: [UInt8]?,
        readAfter start: HighWaterMarks.Moment
    ) throws(DriverFailure) -> Permissions {
        let permissions = try Permissions(Sealing.open(value, at: place, keys))
        guard uid == nil || permissions.uid == uid else { throw Sealing.damaged(place) }
        try require(.init(created: permissions.created, counter: permissions.counter), place, start)
        return permissions
    }

    private func require(
        _ mark: HighWaterMarks.Mark, _ place: RecordKey, _ start: HighWaterMarks.Moment
    ) throws(DriverFailure) {
        guard marks.admits(mark, of: place, readAfter: start) else {
            throw DriverFailure(
                .corrupt,
                "Redis: a record of the table \"\(place.table?.name ?? "unknown")\" is older than it was "
                    + "before: somebody has put back a copy")
        }
    }

    /// The uid that holds a unique term.
    func holder(_ value: [UInt8], at place: RecordKey) throws(DriverFailure) -> [UInt8] {
        let plaintext = try Sealing.open(value, at: place, keys)
        var reader = FieldReader(plaintext.bytes)
        return Array(try reader.sized(2))
    }

    static func encoded(holder uid: [UInt8]) throws(DriverFailure) -> Plaintext {
        var fields = FieldWriter()
        fields.sized(uid, 2)
        let plaintext = try Plaintext(capacity: fields.bytes.count + Sealing.padding)
        fields.bytes.withBorrowedBytes { plaintext.append($0) }
        plaintext.pad(toMultipleOf: Sealing.padding)
        return plaintext
    }
}
