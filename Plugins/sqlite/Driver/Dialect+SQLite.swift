import SQLStore

extension Dialect {
    /// SQLite since 3.15. Without AUTOINCREMENT row numbers still grow as long as the newest row
    /// stays, and one table less is written.
    package static let sqlite = Dialect(
        rowID: "INTEGER PRIMARY KEY", integer: "INTEGER", keyText: { _ in "TEXT" },
        keyBytes: "BLOB", blob: "BLOB", clustered: " WITHOUT ROWID",
        insertIfAbsent: (before: "INSERT OR IGNORE INTO", after: ""),
        now: "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
        listTables:
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' "
            + "ESCAPE '\\'",
        countOwnContext:
            "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'context' "
            + "AND sql LIKE '%schema\\_rev%' ESCAPE '\\'",
        hasSingleWriter: true, changeFeed: .sequence)
}
