import SQLStore

extension Dialect {
    /// MariaDB since 10.5 and MySQL since 8.0, on InnoDB.
    ///
    /// Names are VARBINARY: every collation of text, `utf8mb4_bin` too, ignores trailing spaces. Numbers
    /// are unsigned because the results of `|` and `&` are, and a signed column would refuse some.
    package static let mysql: Dialect = {
        var dialect = engine
        dialect.changeFeed = .stamped(StampedChanges(byGenerationsFor: engine))
        return dialect
    }()

    private static let engine = Dialect(
        rowID: "BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY", integer: "BIGINT UNSIGNED",
        keyText: { "VARBINARY(\($0))" }, keyBytes: "VARBINARY(\(keyMax))", keyMax: keyMax,
        blob: "LONGBLOB",
        tableOptions: " ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4",
        // Left alone it walks all rows of the term instead.
        termsOfObject: "terms t FORCE INDEX (terms_oid)",
        insertIfAbsent: (before: "INSERT IGNORE INTO", after: ""),
        rowLock: " FOR UPDATE", sharedLock: " LOCK IN SHARE MODE",
        // In UTC, which has no hour twice.
        now: "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000",
        inlinesIndexes: true,
        listTables:
            "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()",
        countOwnContext:
            "SELECT count(*) FROM information_schema.columns WHERE table_schema = DATABASE() "
            + "AND table_name = 'context' AND column_name = 'schema_rev'",
        rowsPerInsert: 64,
        addRights:
            "INSERT INTO grants (grantee, uid, rights) VALUES (?, ?, ?) "
            + "ON DUPLICATE KEY UPDATE rights = rights | VALUES(rights)")

    /// An index of InnoDB takes 3072 bytes, and a page should hold many.
    private static var keyMax: Int { 1024 }
}
