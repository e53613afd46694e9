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
/// - `changes`: uids in the order of commits; only the newest are kept.
package struct Schema: Sendable {
    /// One step from a revision to the next. Each statement may be run again.
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

    package init(revisions: [Revision], createContext: String) {
        self.revisions = revisions
        self.createContext = createContext
    }

    /// Tables of the store, `context` excepted.
    static let tables = ["objects", "terms", "uniques", "grants", "changes"]

    /// 1 when the schema in the row `c` of `context` is one that this code can work on.
    static func isReady(_ current: Int64) -> String {
        "CASE WHEN c.state = 'ready' AND c.schema_rev >= \(current) AND c.min_rev <= \(current)"
            + " THEN 1 ELSE 0 END"
    }

    package init(_ dialect: Dialect) {
        let number = dialect.integer
        let name = dialect.keyText(255)
        var stamp = ""
        var stampIndex: [String] = []
        if case .stamped(let feed) = dialect.changeFeed {
            stamp = ", stamp \(feed.column)"
            stampIndex = ["CREATE INDEX IF NOT EXISTS changes_stamp ON changes (stamp, seq)"]
        }
        createContext = """
            CREATE TABLE IF NOT EXISTS context (id \(number) NOT NULL PRIMARY KEY, \
            version \(dialect.keyText(40)) NOT NULL, state \(dialect.keyText(40)) NOT NULL, \
            schema_rev \(number) NOT NULL, min_rev \(number) NOT NULL, epoch \(number) NOT NULL)
            """
        revisions = [
            Revision(
                number: 1, minimum: 1,
                statements: [
                    """
                    CREATE TABLE IF NOT EXISTS objects (oid \(dialect.rowID), \
                    uid \(name) NOT NULL, owner \(name) NOT NULL, otype \(number) NOT NULL, \
                    state \(number) NOT NULL, rev \(number) NOT NULL, head \(number) NOT NULL, \
                    osum \(number) NOT NULL, asum \(number) NOT NULL, tsum \(number) NOT NULL, \
                    tags \(dialect.blob) NOT NULL, attrs \(dialect.blob) NOT NULL, \
                    object \(dialect.blob) NOT NULL)
                    """,
                    "CREATE UNIQUE INDEX IF NOT EXISTS objects_uid ON objects (uid)",
                    "CREATE INDEX IF NOT EXISTS objects_owner ON objects (owner, oid)",
                    """
                    CREATE TABLE IF NOT EXISTS terms (term \(dialect.keyBytes) NOT NULL, \
                    owner \(number) NOT NULL, oid \(number) NOT NULL, number \(number), \
                    PRIMARY KEY (term, owner, oid))\(dialect.clustered)
                    """,
                    "CREATE INDEX IF NOT EXISTS terms_oid ON terms (oid, term)",
                    """
                    CREATE TABLE IF NOT EXISTS uniques (term \(dialect.keyBytes) NOT NULL, \
                    oid \(number) NOT NULL, PRIMARY KEY (term))\(dialect.clustered)
                    """,
                    "CREATE INDEX IF NOT EXISTS uniques_oid ON uniques (oid)",
                    """
                    CREATE TABLE IF NOT EXISTS grants (grantee \(name) NOT NULL, \
                    uid \(name) NOT NULL, rights \(number) NOT NULL, PRIMARY KEY (grantee, uid))\(dialect.clustered)
                    """,
                    "CREATE INDEX IF NOT EXISTS grants_uid ON grants (uid, grantee)",
                    """
                    CREATE TABLE IF NOT EXISTS changes (seq \(dialect.rowID), uid \(name) NOT NULL\(stamp))
                    """,
                ] + stampIndex)
        ]
    }
}
