import PluginKit

/// Lists grants: from the permissions records, which the index only leads to.
///
/// The order is by the key of the uid's record, then by name.
struct GrantsSearch {
    private let session: ReadSession
    private let query: GrantsQuery
    private let position: (key: [UInt8], user: [UInt8])?

    private static let keySize = 2 + KMAC.size
    private static let recordsAtOnce = 64

    init(_ query: GrantsQuery, _ session: ReadSession) throws(DriverFailure) {
        guard (1...1000).contains(query.limit) else { throw .invalid("limit \(query.limit)") }
        self.session = session
        self.query = query
        let cursor = query.cursor
        guard !cursor.isEmpty else {
            position = nil
            return
        }
        guard cursor.count > Self.keySize,
            cursor.count == Self.keySize + 1 + Int(cursor[Self.keySize]),
            cursor.slice(0..<2).elementsEqual(RecordKey.Table.permissions.prefix)
        else { throw .invalid("cursor of another query") }
        position = (
            Array(cursor.slice(0..<Self.keySize)),
            Array(cursor.slice(Self.keySize + 1..<cursor.count))
        )
    }

    func run(_ cache: ChainCache, into grants: inout GrantsBuilder) throws(DriverFailure) {
        var keys = try keys(cache)
        if let position { keys.removeAll { $0.bytes.lexicographicallyPrecedes(position.key) } }
        keys.sort { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        let names = query.who.isEmpty ? nil : Set(query.who.map { Array($0.utf8) })
        var last: [UInt8] = []
        for start in stride(from: 0, to: keys.count, by: Self.recordsAtOnce) {
            let part = Array(keys[start..<min(start + Self.recordsAtOnce, keys.count)])
            if try append(part, names, &last, to: &grants) { continue }
            return try last.withBorrowedBytes { (cursor) throws(DriverFailure) in
                try grants.setCursor(cursor)
            }
        }
    }

    /// Records in which there may be something.
    private func keys(_ cache: ChainCache) throws(DriverFailure) -> [RecordKey] {
        if !query.uid.isEmpty {
            return [try session.vault.key(permissions: Array(query.uid.utf8))]
        }
        guard query.who.isEmpty else {
            let source = CandidateSource(
                keywords: Set(query.who.map { .user(Array($0.utf8)) }))
            let uids = try IndexSearch(session: session, cache: cache).candidates([source]) ?? []
            var keys: [RecordKey] = []
            for uid in uids { keys.append(try session.vault.key(permissions: uid)) }
            return keys
        }
        return try Scan(connection: session.connection).keys(
            RecordKey.Table.permissions.prefix + [UInt8(ascii: "*")]
        ).map { RecordKey(bytes: $0) }
    }

    /// False when the page is full, and there is more behind `last`.
    private func append(
        _ keys: [RecordKey], _ names: Set<[UInt8]>?, _ last: inout [UInt8],
        to grants: inout GrantsBuilder
    ) throws(DriverFailure) -> Bool {
        let start = session.vault.moment()
        let values = try session.values { _ in keys }
        var records: [(key: RecordKey, permissions: Permissions)] = []
        for (key, value) in zip(keys, values) {
            guard let value else { continue }
            records.append((key, try session.vault.permissions(value, at: key, uid: nil, readAfter: start)))
        }
        var objects: [RecordReader.Wanted] = []
        for record in records {
            let uid = record.permissions.uid
            objects.append(.init(uid: uid, key: try session.vault.key(object: uid)))
        }
        var isFull = false
        var reader = RecordReader(session)
        try reader.forEach(objects, withPermissions: false) {
            (index, found) throws(DriverFailure) in
            let record = records[index]
            for user in record.permissions.rights.keys.sorted(by: {
                $0.lexicographicallyPrecedes($1)
            }) {
                guard names?.contains(user) ?? true, isAfterPosition(record.key, user) else {
                    continue
                }
                guard grants.count < query.limit else {
                    isFull = true
                    return false
                }
                try append(record.permissions, user, found.object, to: &grants)
                last = record.key.bytes + [UInt8(clamping: user.count)] + user
            }
            return true
        }
        return !isFull
    }

    private func isAfterPosition(_ key: RecordKey, _ user: [UInt8]) -> Bool {
        guard let position else { return true }
        if key.bytes != position.key { return position.key.lexicographicallyPrecedes(key.bytes) }
        return position.user.lexicographicallyPrecedes(user)
    }

    private func append(
        _ permissions: Permissions, _ user: [UInt8], _ object: StoredObject?,
        to grants: inout GrantsBuilder
    ) throws(DriverFailure) {
        try permissions.uid.withBorrowedBytes { (uid) throws(DriverFailure) in
            try user.withBorrowedBytes { (name) throws(DriverFailure) in
                var record = GrantRecord(
                    uid: BorrowedText(utf8: uid), user: BorrowedText(utf8: name),
                    rights: permissions.rights[user] ?? 0)
                guard let object else { return try grants.append(record) }
                try object.owner.withBorrowedBytes { (owner) throws(DriverFailure) in
                    record.owner = BorrowedText(utf8: owner)
                    record.state = object.state
                    record.type = object.type
                    try grants.append(record)
                }
            }
        }
    }
}
