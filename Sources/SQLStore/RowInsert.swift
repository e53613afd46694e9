import PluginKit

/// An INSERT of 1, 2, 4 ... rows, prepared once for each number.
struct RowInsert {
    enum Table: Int { case terms, uniques, changes }

    var table: Table
    /// The row of `objects` is the one inserted last in this transaction, and not a parameter.
    var followsObject: Bool

    /// 3 tables, two ways to name the object, 1 to 128 rows.
    static let count = 3 * 2 * 8
    static let rowsMax = 128

    /// - Parameter rows: A power of two.
    func index(rows: Int) -> Int {
        (table.rawValue * 2 + (followsObject ? 1 : 0)) * 8 + rows.trailingZeroBitCount
    }

    func text(_ dialect: Dialect, rows: Int) -> String {
        let object = followsObject ? dialect.lastRow : "?"
        switch table {
        case .terms:
            return dialect.insertIfAbsent(
                into: "terms", "term, owner, number, oid", rows: rows, of: "?, ?, ?, \(object)")
        case .uniques:
            return dialect.insertIfAbsent(
                into: "uniques", "term, oid", rows: rows, of: "?, \(object)")
        case .changes:
            let values = Array(repeating: "(?)", count: rows).joined(separator: ", ")
            return "INSERT INTO changes (uid) VALUES \(values)"
        }
    }
}

extension StoreSession {
    /// Inserts `rows` with as few statements as the dialect allows.
    ///
    /// The number of rows in a statement is a power of two, so that there are few statements. Where
    /// rows that are there already are left alone, the last row is repeated to fill one up.
    ///
    /// - Parameters:
    ///   - bind: Binds a row from the given parameter on and returns the next parameter.
    ///   - expectation: For a statement that writes that many rows.
    func insert<Row>(
        _ rows: some RandomAccessCollection<Row>, _ insert: RowInsert,
        expecting expectation: (Int) -> Expectation = { _ in .none },
        bind: (Statement, Row, _ parameter: Int) -> Int
    ) throws(DriverFailure) {
        let most = min(dialect.rowsPerInsert, RowInsert.rowsMax)
        var rest = rows[...]
        while !rest.isEmpty {
            let size =
                insert.table == .changes
                ? rest.count.powerOfTwoAtMost : paddedCount(min(rest.count, most))
            let chunk = rest.prefix(min(size, most))
            rest = rest.dropFirst(chunk.count)
            let statement = try inserter(insert, rows: min(size, most))
            var parameter = 1
            for row in chunk { parameter = bind(statement, row, parameter) }
            if let last = chunk.last {
                for _ in chunk.count..<min(size, most) {
                    parameter = bind(statement, last, parameter)
                }
            }
            try statement.post(expectation(chunk.count))
        }
    }

    private func inserter(_ insert: RowInsert, rows: Int) throws(DriverFailure) -> Statement {
        let index = insert.index(rows: rows)
        if let statement = inserts[index] { return statement }
        let statement = try connection.prepare(dialect.adapt(insert.text(dialect, rows: rows)))
        inserts[index] = statement
        return statement
    }
}

extension Int {
    /// The largest power of two that is not larger; 1 at least.
    fileprivate var powerOfTwoAtMost: Int {
        self < 2 ? 1 : 1 << (Int.bitWidth - 1 - leadingZeroBitCount)
    }
}
