import PluginKit

/// The database of a Cosmian KMS 4.12 to 4.22, read for the host to import. Its tables are
/// `objects (id, object, attributes, state, owner)`, `tags (id, tag)` and
/// `read_access (id, userid, permissions)`; those of 4.12 have no attributes.
///
/// Objects and attributes go to the host as they lie there. States become KMIP's numbers, and
/// permissions the bits that ``ForeignRights`` lists.
extension StoreSession {
    /// Lists all objects in the order of their ids, or the one that a filter on the uid names. One
    /// that does not fit the contract is an item with ``Status/corrupt``.
    package func foreignObjects(
        _ query: Query, into objects: inout ObjectsBuilder
    ) throws(DriverFailure) {
        guard (1...1000).contains(query.limit) else { throw .invalid("limit \(query.limit)") }
        guard query.who.isEmpty, query.skip == 0, query.flags.isEmpty, query.filters.count < 2,
            query.filters.first.map({ $0.operation == .uid }) ?? true
        else { throw DriverFailure(.unsupported, "another system's database is only listed") }
        let hasAttributes = try hasForeignAttributes()
        let ids =
            if let wanted = query.filters.first {
                try foreignIDs(equal: Array(wanted.value.bytes))
            } else {
                try foreignIDs(after: query.cursor, limit: query.limit + 1)
            }
        for id in ids.prefix(query.limit) {
            try appendForeign(id, hasAttributes: hasAttributes, query.parts, to: &objects)
        }
        if ids.count > query.limit, let last = ids.prefix(query.limit).last {
            guard last.count <= 255 else {
                throw DriverFailure(.corrupt, "an id in objects has \(last.count) bytes")
            }
            try Cursor.encode(last, []).withBorrowedBytes { (cursor) throws(DriverFailure) in
                try objects.setCursor(cursor)
            }
        }
    }

    /// Whether there is the column that 4.13 added.
    private func hasForeignAttributes() throws(DriverFailure) -> Bool {
        do throws(DriverFailure) {
            try statement(SQLText("SELECT attributes FROM objects WHERE id = ''")).run()
            return true
        } catch  where error.status == .upgrading {
            return false  // it is not there
        }
    }

    private func foreignIDs(equal id: [UInt8]) throws(DriverFailure) -> [[UInt8]] {
        var sql = SQLText()
        sql.add("SELECT id FROM objects WHERE id = ", .bytesAsText(id))
        return try texts(sql)
    }

    private func foreignIDs(
        after cursor: BorrowedBytes, limit: Int
    ) throws(DriverFailure) -> [[UInt8]] {
        var sql = SQLText("SELECT id FROM objects")
        // Without a bound on the first page: an empty id is to be found too.
        if !cursor.isEmpty { sql.add(" WHERE id > ", .bytesAsText(try Cursor.pair(cursor).0)) }
        sql.add(" ORDER BY id LIMIT ", .integer(Int64(limit)))
        return try texts(sql)
    }

    /// The first column of all rows.
    private func texts(_ sql: SQLText) throws(DriverFailure) -> [[UInt8]] {
        let rows = try statement(sql)
        defer { rows.reset() }
        var texts: [[UInt8]] = []
        while try rows.step() { texts.append(Array(rows.text(0).utf8)) }
        return texts
    }

    private func appendForeign(
        _ id: [UInt8], hasAttributes: Bool, _ parts: Parts, to objects: inout ObjectsBuilder
    ) throws(DriverFailure) {
        var tagQuery = SQLText()
        tagQuery.add("SELECT tag FROM tags WHERE id = ", .bytesAsText(id))
        let tags = try texts(tagQuery)
        var sql =
            hasAttributes
            ? SQLText("SELECT object, state, owner, attributes FROM objects")
            : SQLText("SELECT object, state, owner FROM objects")
        sql.add(" WHERE id = ", .bytesAsText(id))
        let row = try statement(sql)
        defer { row.reset() }
        let isThere = try row.step()  // or it went away, or has no id
        let fits =
            isThere && (1...255).contains(id.count) && row.text(2).utf8.count <= 255
            && tags.allSatisfy { (1...255).contains($0.count) && !$0.contains(0) }
        let uid = fits ? id : Array("an object with an id of \(id.count) bytes".utf8)
        try uid.withBorrowedBytes { (bytes) throws(DriverFailure) in
            var record = ObjectRecord(uid: BorrowedText(utf8: bytes))
            guard fits else {
                record.status = .corrupt
                return try objects.append(record)
            }
            record.owner = row.text(2)
            record.state =
                Self.foreignStates.firstIndex { $0.utf8.elementsEqual(row.text(1).utf8) }
                .map { UInt32($0) + 1 } ?? 0
            record.revision = 1
            if parts.contains(.object) { record.object = row.bytes(0) }
            if parts.contains(.attributes), hasAttributes { record.attributes = row.bytes(3) }
            try objects.append(record)
        }
        guard fits, parts.contains(.tags) else { return }
        for tag in tags {
            try tag.withBorrowedBytes { (bytes) throws(DriverFailure) in
                try objects.appendTag(BorrowedText(utf8: bytes))
            }
        }
    }

    /// In the order of KMIP's numbers, which begin with 1.
    private static var foreignStates: [String] {
        ["PreActive", "Active", "Deactivated", "Compromised", "Destroyed", "Destroyed_Compromised"]
    }

    /// Lists all permissions, or those on one uid, by uid and name.
    package func foreignGrants(
        _ query: GrantsQuery, into grants: inout GrantsBuilder
    ) throws(DriverFailure) {
        guard (1...1000).contains(query.limit) else { throw .invalid("limit \(query.limit)") }
        guard query.who.isEmpty else {
            throw DriverFailure(.unsupported, "another system's permissions are only listed")
        }
        var sql = SQLText("SELECT id, userid, permissions FROM read_access")
        if !query.uid.isEmpty { sql.add(" WHERE id = ", .text(query.uid)) }
        if !query.cursor.isEmpty {
            let (uid, name) = try Cursor.pair(query.cursor)
            sql.add(query.uid.isEmpty ? " WHERE " : " AND ")
            sql.add("(id > ", .bytesAsText(uid))
            sql.add(" OR (id = ", .bytesAsText(uid))
            sql.add(" AND userid > ", .bytesAsText(name))
            sql.add("))")
        }
        sql.add(" ORDER BY id, userid LIMIT ", .integer(Int64(query.limit) + 1))
        let rows = try statement(sql)
        defer { rows.reset() }
        var last: (uid: [UInt8], name: [UInt8]) = ([], [])
        while try rows.step() {
            if grants.count == query.limit {
                return try Cursor.encode(last.uid, last.name)
                    .withBorrowedBytes { (cursor) throws(DriverFailure) in
                        try grants.setCursor(cursor)
                    }
            }
            last = (Array(rows.text(0).utf8), Array(rows.text(1).utf8))
            guard last.uid.count <= 255, last.name.count <= 255 else {
                throw DriverFailure(.corrupt, "an id or userid in read_access is too long")
            }
            try grants.append(
                GrantRecord(
                    uid: rows.text(0), user: rows.text(1),
                    rights: ForeignRights.bits(of: rows.text(2))))
        }
    }
}

/// Permissions of a Cosmian KMS as bits. The host knows the same list: see `KMS_OPEN_FOREIGN`.
enum ForeignRights {
    /// The name at index n is bit n.
    static let names = [
        "create", "certify", "decrypt", "destroy", "encrypt", "export", "get", "getattributes",
        "import", "locate", "revoke", "rekey", "validate",
    ]
    /// There is something that none of the names is.
    static let unknown: UInt64 = 1 << 63

    /// Of a JSON array of names.
    static func bits(of json: BorrowedText) -> UInt64 {
        let isSpace = { (byte: UInt8) in byte <= 0x20 }
        let trimmed = trim(Array(json.utf8)[...], isSpace)
        guard trimmed.first == UInt8(ascii: "["), trimmed.last == UInt8(ascii: "]") else {
            return unknown
        }
        let inner = trim(trimmed.dropFirst().dropLast(), isSpace)
        guard !inner.isEmpty else { return 0 }
        return inner.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).reduce(0)
        {
            let item = trim($1, isSpace)
            guard item.count > 2, item.first == UInt8(ascii: "\""), item.last == UInt8(ascii: "\""),
                let index = names.firstIndex(where: {
                    $0.utf8.elementsEqual(item.dropFirst().dropLast())
                })
            else { return $0 | unknown }
            return $0 | 1 << UInt64(index)
        }
    }

    private static func trim(
        _ bytes: ArraySlice<UInt8>, _ isSpace: (UInt8) -> Bool
    ) -> ArraySlice<UInt8> {
        var rest = bytes.drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return rest
    }
}
