/// The tables, and how an older database becomes today's.
///
/// - `context`: one row, `id` 1: version and state, the schema's revision, the lowest revision that a
///   driver must know, and an epoch that `clear` raises.
/// - `objects`: one row each; the blobs last, since a row that is read only up to its revision never
///   touches their overflow pages. `head`, `osum`, `asum`, `tsum` are checksums, `Checksum.swift`.
/// - `terms`: what can be searched, tags among it, as one comparable key (`TermKey.swift`). A hash of
///   the owner stands in the key, so a tag that everybody uses slows nobody's search for their own.
/// - `uniques`: the terms that only one object may have.
/// - `grants`: keyed by uid, not by row, because keys in an HSM have grants and no row.
/// - `changes`: uids in the order of commits; only the newest are kept. `feed`: one row, for engines
///   that need generations (``StampedChanges``).
/// - `leases`: the servers that use the database, each until a time on the engine's clock
///   (`Lease.swift`).
///
/// A revision that is out in the field is never edited: what is to change becomes the next one.
package struct Schema: Sendable {
    /// One step from a revision to the next. Each statement may be run again, by itself: engines whose
    /// DDL commits at once leave any number of them done.
    package struct Revision: Sendable {
        package var number: Int64
        /// The lowest revision that a driver must know to work on the result.
        package var minimum: Int64
        package var statements: [String]

        package init(number: Int64, minimum: Int64, statements: [String]) {
            self.number = number
            self.minimum = minimum
            self.statements = statements
        }
    }

    package var revisions: [Revision]
    /// Makes the table that everything else is judged by.
    package var createContext: String

    /// The revision that this code writes.
    package var current: Int64 { revisions.last?.number ?? 0 }
    /// The lowest revision that a driver must know to work on what this code writes.
    package var minimum: Int64 { revisions.map(\.minimum).max() ?? 0 }

    package init(revisions: [Revision], createContext: String) {
        self.revisions = revisions
        self.createContext = createContext
    }

    /// Tables of what `clear` deletes: the marks of the database and of its servers stay.
    static let tables = ["objects", "terms", "uniques", "grants", "changes"]

    /// 1 when the schema in the row `c` of `context` is one that this code can work on.
    static func isReady(_ current: Int64) -> String {
        "CASE WHEN c.state = 'ready' AND c.schema_rev >= \(current) AND c.min_rev <= \(current)"
            + " THEN 1 ELSE 0 END"
    }

    package init(_ dialect: Dialect) {
        createContext = """
            CREATE TABLE IF NOT EXISTS context (id \(dialect.integer) NOT NULL PRIMARY KEY, \
            version \(dialect.keyText(40)) NOT NULL, state \(dialect.keyText(40)) NOT NULL, \
            schema_rev \(dialect.integer) NOT NULL, min_rev \(dialect.integer) NOT NULL, \
            epoch \(dialect.integer) NOT NULL)\(dialect.tableOptions)
            """
        revisions = [
            Revision(number: 1, minimum: 1, statements: Schema.first(dialect)),
            Revision(number: 2, minimum: 1, statements: Schema.second(dialect)),
        ]
    }

    /// Objects, what finds them, grants and changes.
    private static func first(_ dialect: Dialect) -> [String] {
        let number = dialect.integer
        let name = dialect.keyText(255)
        return dialect.create(
            "objects",
            """
            oid \(dialect.rowID), uid \(name) NOT NULL, owner \(name) NOT NULL, \
            otype \(number) NOT NULL, state \(number) NOT NULL, rev \(number) NOT NULL, \
            head \(number) NOT NULL, osum \(number) NOT NULL, asum \(number) NOT NULL, \
            tsum \(number) NOT NULL, tags \(dialect.blob) NOT NULL, attrs \(dialect.blob) NOT NULL, \
            object \(dialect.blob) NOT NULL
            """,
            indexes: [
                Index("objects_uid", "uid", isUnique: true), Index("objects_owner", "owner, oid"),
            ], isClustered: false)
            + dialect.create(
                "terms",
                """
                term \(dialect.keyBytes) NOT NULL, owner \(number) NOT NULL, oid \(number) NOT NULL, \
                number \(number), PRIMARY KEY (term, owner, oid)
                """, indexes: [Index("terms_oid", "oid, term")])
            + dialect.create(
                "uniques",
                "term \(dialect.keyBytes) NOT NULL, oid \(number) NOT NULL, PRIMARY KEY (term)",
                indexes: [Index("uniques_oid", "oid")])
            + dialect.create(
                "grants",
                """
                grantee \(name) NOT NULL, uid \(name) NOT NULL, rights \(number) NOT NULL, \
                PRIMARY KEY (grantee, uid)
                """, indexes: [Index("grants_uid", "uid, grantee")])
            + changes(dialect)
    }

    private static func changes(_ dialect: Dialect) -> [String] {
        let columns = "seq \(dialect.rowID), uid \(dialect.keyText(255)) NOT NULL"
        guard let feed = dialect.stampedChanges else {
            return dialect.create("changes", columns, isClustered: false)
        }
        return dialect.create(
            "changes", "\(columns), stamp \(feed.column)",
            indexes: [Index("changes_stamp", "stamp, seq")], isClustered: false)
            + feed.generations
    }

    /// The servers that use the database. Servers of the first revision go on beside it.
    private static func second(_ dialect: Dialect) -> [String] {
        dialect.create(
            "leases",
            """
            holder \(dialect.keyText(255)) NOT NULL, expires \(dialect.integer) NOT NULL, \
            PRIMARY KEY (holder)
            """)
    }
}

/// An index of a table.
private struct Index {
    var name: String, columns: String
    var isUnique: Bool

    init(_ name: String, _ columns: String, isUnique: Bool = false) {
        self.name = name
        self.columns = columns
        self.isUnique = isUnique
    }
}

extension Dialect {
    /// The statements that make a table where there is none.
    ///
    /// - Parameter isClustered: It is kept in the order of its primary key, where the engine can.
    fileprivate func create(
        _ table: String, _ columns: String, indexes: [Index] = [], isClustered: Bool = true
    ) -> [String] {
        let inline = inlinesIndexes ? indexes : []
        let parts = inline.map {
            ", \($0.isUnique ? "UNIQUE " : "")INDEX \($0.name) (\($0.columns))"
        }
        let create =
            "CREATE TABLE IF NOT EXISTS \(table) (\(columns)\(parts.joined()))"
            + (isClustered ? clustered : "") + tableOptions
        return [create]
            + indexes.dropFirst(inline.count).map {
                "CREATE \($0.isUnique ? "UNIQUE " : "")INDEX IF NOT EXISTS \($0.name) "
                    + "ON \(table) (\($0.columns))"
            }
    }
}
