import PluginKit

extension StoreSession {
    /// Up to so many objects, the search looks at each object that the rarest term names; beyond,
    /// it walks what the caller owns and was granted.
    private static var shortMax: Int { 100 }

    /// Locate; see `kms_database_driver.query`.
    package func query(_ query: Query, into objects: inout ObjectsBuilder) throws(DriverFailure) {
        guard (1...1000).contains(query.limit) else { throw .invalid("limit \(query.limit)") }
        guard query.who.count <= ReadShape.namesMax else { throw .invalid("more than 64 names") }
        let filter = try FilterCompiler.compile(query.filters, for: dialect)
        let position = try Cursor.position(
            query.cursor, isDescending: query.flags.contains(.newest))
        try reading { () throws(DriverFailure) in
            var search = PageQuery(
                query: query, filter: filter, startsShort: false, position: position)
            search.startsShort = try startsShort(filter, query)
            try readPage(search, into: &objects)
            if query.flags.contains(.count) {
                search.position = try Cursor.position(
                    BorrowedBytes(), isDescending: position.isDescending)
                objects.total =
                    try search.count().map { (sql) throws(DriverFailure) in
                        try number(sql) ?? 0
                    } ?? 0
            }
        }
        objects.isInexact = filter.isInexact
    }

    private func startsShort(
        _ filter: CompiledFilter, _ query: Query
    ) throws(DriverFailure) -> Bool {
        guard let start = filter.start else { return false }
        // What the user owns is found by term and owner together, however long the list.
        if case .term = start, query.flags.contains(.owned) { return false }
        let count = try number(PageQuery.probe(start, limit: Self.shortMax)) ?? 0
        return count < Self.shortMax
    }

    private func readPage(
        _ search: PageQuery, into objects: inout ObjectsBuilder
    ) throws(DriverFailure) {
        let limit = search.query.limit
        let skip = search.query.cursor.isEmpty ? search.query.skip : 0
        // One row more than asked for tells whether there is another page.
        guard let sql = search.page(limit: limit + 1, skip: skip) else { return }
        var rows = try numbers(sql)
        if rows.count > limit {
            rows.removeLast()
            let next = PageQuery.Position(
                after: rows.last ?? 0, isDescending: search.position.isDescending)
            try Cursor.encode(next).withBorrowedBytes { (cursor) throws(DriverFailure) in
                try objects.setCursor(cursor)
            }
        }
        try get(
            rows: rows, names: padded(search.query.who), parts: search.query.parts, into: &objects)
    }

    /// The first column of all rows.
    private func numbers(_ sql: SQLText) throws(DriverFailure) -> [Int64] {
        let statement = try statement(sql)
        defer { statement.reset() }
        var numbers: [Int64] = []
        while try statement.step() { numbers.append(statement.integer(0)) }
        return numbers
    }
}
