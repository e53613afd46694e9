import PluginKit

extension StoreSession {
    /// Lists grants; see `kms_database_driver.grants`.
    ///
    /// With names the order is by name, then uid; without, by uid, then name.
    package func grants(
        _ query: GrantsQuery, into grants: inout GrantsBuilder
    ) throws(DriverFailure) {
        guard (1...1000).contains(query.limit) else { throw .invalid("limit \(query.limit)") }
        guard query.who.count <= ReadShape.namesMax else { throw .invalid("more than 64 names") }
        let (first, second) = try Cursor.pair(query.cursor)
        try reading { () throws(DriverFailure) in
            guard query.who.isEmpty else {
                return try grantsByName(query, after: (first, second), into: &grants)
            }
            var sql = columns
            if query.uid.isEmpty {
                sql.add("g.uid >= ", .bytesAsText(first))
                sql.add(" AND (g.uid > ", .bytesAsText(first))
                sql.add(" OR g.grantee > ", .bytesAsText(second))
                sql.add(")")
            } else {
                sql.add("g.uid = ", .text(query.uid))
                sql.add(" AND g.grantee > ", .bytesAsText(second))
            }
            sql.add(" ORDER BY g.uid, g.grantee LIMIT ", .integer(Int64(query.limit) + 1))
            _ = try append(sql, limit: query.limit, order: .uidFirst, to: &grants)
        }
    }

    private enum Order { case uidFirst, nameFirst }

    private var columns: SQLText {
        var sql = SQLText("SELECT g.uid, g.grantee, g.rights, o.owner, o.state, o.otype ")
        sql.add("FROM grants g LEFT JOIN objects o ON o.uid = g.uid WHERE ")
        return sql
    }

    /// One search for each name, in the order of the names, until the page is full.
    private func grantsByName(
        _ query: GrantsQuery, after cursor: ([UInt8], [UInt8]), into grants: inout GrantsBuilder
    ) throws(DriverFailure) {
        let (cursorName, cursorUID) = cursor
        for name in query.who.sorted() {
            let isCurrent = name.utf8.elementsEqual(cursorName)
            if !isCurrent, name.utf8.lexicographicallyPrecedes(cursorName) { continue }
            var sql = columns
            sql.add("g.grantee = ", .text(name))
            if !query.uid.isEmpty { sql.add(" AND g.uid = ", .text(query.uid)) }
            sql.add(" AND g.uid > ", .bytesAsText(isCurrent ? cursorUID : []))
            sql.add(" ORDER BY g.uid LIMIT ", .integer(Int64(query.limit) + 1))
            if try append(sql, limit: query.limit, order: .nameFirst, to: &grants) { return }
        }
    }

    /// Adds rows up to the limit; true when there are more, and the cursor says where.
    private func append(
        _ sql: SQLText, limit: Int, order: Order, to grants: inout GrantsBuilder
    ) throws(DriverFailure) -> Bool {
        let rows = try statement(sql)
        defer { rows.reset() }
        var last: (first: [UInt8], second: [UInt8]) = ([], [])
        while try rows.step() {
            let uid = rows.text(0)
            let name = rows.text(1)
            if grants.count == limit {
                if last.first.isEmpty, last.second.isEmpty {
                    // The page was full before this name: the next one begins with it.
                    last = order == .nameFirst ? (Array(name.utf8), []) : ([], [])
                }
                try Cursor.encode(last.first, last.second)
                    .withBorrowedBytes { (cursor) throws(DriverFailure) in
                        try grants.setCursor(cursor)
                    }
                return true
            }
            var record = GrantRecord(
                uid: uid, user: name, rights: UInt64(bitPattern: rows.integer(2)))
            if !rows.isNull(3) {
                record.owner = rows.text(3)
                record.state = UInt32(truncatingIfNeeded: rows.integer(4))
                record.type = UInt32(truncatingIfNeeded: rows.integer(5))
            }
            try grants.append(record)
            last =
                order == .nameFirst
                ? (Array(name.utf8), Array(uid.utf8)) : (Array(uid.utf8), Array(name.utf8))
        }
        return false
    }
}
