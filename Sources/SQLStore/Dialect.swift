/// What differs between the SQL of the engines. Everything else is SQL that SQLite 3.15,
/// PostgreSQL and MariaDB read alike: no RETURNING, no window functions, no JSON.
package struct Dialect: Sendable {
    package enum Placeholder: Sendable {
        /// `?`, in order.
        case question
        /// `$1`, `$2`.
        case dollar
    }

    package var placeholder = Placeholder.question
    /// A row number that the engine draws, growing: `INTEGER PRIMARY KEY`.
    package var rowID: String
    package var integer: String
    /// Text that is compared byte for byte, at most that many bytes.
    package var keyText: @Sendable (Int) -> String
    /// Bytes that are compared like memcmp.
    package var keyBytes: String
    /// Bytes in a key of `terms` that an index holds; longer ones are cut, with a digest at the end.
    package var keyMax: Int
    package var blob: String
    /// After a table that is clustered by its primary key.
    package var clustered: String
    /// After every table.
    package var tableOptions: String
    /// The table `terms` as `t`, where its rows of one object are looked for.
    package var termsOfObject: StaticString
    /// `INSERT` that leaves an existing row alone: what stands before and after.
    package var insertIfAbsent: (before: String, after: String)
    /// After a SELECT whose row is about to be changed.
    package var rowLock: String
    /// After a SELECT whose row nobody may change before this transaction ends. Every write holds it
    /// on the row of `context`, so that whoever marks the database waits for the writes in flight.
    /// Empty where ``TransactionMode/exclusive`` excludes them by other means.
    package var sharedLock: String
    /// The engine's clock in milliseconds since 1970: the one clock that all servers share.
    package var now: String
    /// Indexes stand in `CREATE TABLE`, where `CREATE INDEX` knows no IF NOT EXISTS.
    package var inlinesIndexes: Bool
    /// Names of all tables in the database, one row each.
    package var listTables: String
    /// Number of tables named `context` that have a column `schema_rev`.
    package var countOwnContext: String
    /// One write transaction runs at a time, so what an item has read stays true until it writes.
    package var hasSingleWriter: Bool
    /// Rows that one INSERT writes at most; 1 where a round trip costs nothing.
    package var rowsPerInsert: Int
    /// The `oid` of the row inserted last into `objects`, as an expression of SQL: for engines that
    /// are sent the next statement before they answer. Empty where the connection tells.
    package var lastRow: String
    /// `INSERT` of a grant (grantee, uid, rights) that adds the rights to one which is there; empty
    /// where it takes two statements.
    package var addRights: String
    package var changeFeed: ChangeFeed

    /// How the order of commits shows in the table `changes`.
    package enum ChangeFeed: Sendable {
        /// There is none: `changes` is not kept.
        case none
        /// The row number, as there is a single writer.
        case sequence
        /// See ``StampedChanges``.
        case stamped(StampedChanges)
    }

    package init(
        placeholder: Placeholder = .question, rowID: String, integer: String,
        keyText: @escaping @Sendable (Int) -> String, keyBytes: String,
        keyMax: Int = .max, blob: String,
        clustered: String = "", tableOptions: String = "",
        termsOfObject: StaticString = "terms t", insertIfAbsent: (before: String, after: String),
        rowLock: String = "", sharedLock: String = "", now: String, inlinesIndexes: Bool = false,
        listTables: String, countOwnContext: String,
        hasSingleWriter: Bool = false, rowsPerInsert: Int = 1, lastRow: String = "",
        addRights: String = "", changeFeed: ChangeFeed = .none
    ) {
        self.placeholder = placeholder
        self.rowID = rowID
        self.integer = integer
        self.keyText = keyText
        self.keyBytes = keyBytes
        self.keyMax = keyMax
        self.blob = blob
        self.clustered = clustered
        self.tableOptions = tableOptions
        self.termsOfObject = termsOfObject
        self.insertIfAbsent = insertIfAbsent
        self.rowLock = rowLock
        self.sharedLock = sharedLock
        self.now = now
        self.inlinesIndexes = inlinesIndexes
        self.listTables = listTables
        self.countOwnContext = countOwnContext
        self.hasSingleWriter = hasSingleWriter
        self.rowsPerInsert = rowsPerInsert
        self.lastRow = lastRow
        self.addRights = addRights
        self.changeFeed = changeFeed
    }

    var stampedChanges: StampedChanges? {
        if case .stamped(let feed) = changeFeed { feed } else { nil }
    }

    /// The text with each `?` as the engine writes it. Our texts hold no literal with a `?`.
    func adapt(_ sql: String) -> String {
        guard placeholder == .dollar else { return sql }
        var adapted = ""
        var number = 0
        for character in sql {
            if character == "?" {
                number += 1
                adapted += "$\(number)"
            } else {
                adapted.append(character)
            }
        }
        return adapted
    }

    func insertIfAbsent(into table: String, _ columns: String, values count: Int) -> String {
        let marks = Array(repeating: "?", count: count).joined(separator: ", ")
        return insertIfAbsent(into: table, columns, rows: 1, of: marks)
    }

    func insertIfAbsent(
        into table: String, _ columns: String, rows: Int, of values: String
    ) -> String {
        let rows = Array(repeating: "(\(values))", count: rows).joined(separator: ", ")
        return "\(insertIfAbsent.before) \(table) (\(columns)) VALUES \(rows)"
            + insertIfAbsent.after
    }
}
