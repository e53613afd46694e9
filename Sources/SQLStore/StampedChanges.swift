/// A change feed for engines where many write at once, so that row numbers do not follow commits.
///
/// Every row of `changes` has a stamp, and the engine can tell a horizon: of all rows below it that
/// will ever be seen, each can be seen now. What lies above is still settling: a row may appear
/// below others that were already visible. So a token only ever advances to the horizon, while
/// visible rows above it are reported at once, and remembered so that they are reported once.
///
/// An engine that tells no such horizon stamps by generations: a row gets its stamp after its commit,
/// from whoever reads (`StoreSession.settleChanges`), and the horizon lies behind the last generation.
package struct StampedChanges: Sendable {
    /// Definition of the column `stamp`, with a default that stamps new rows.
    package var column: String
    /// The horizon, as an expression.
    package var horizon: String
    /// The highest stamp of which rows were dropped, as an expression; -1 or 0: of none.
    package var dropped: String
    /// Drops what lies further back than ``Changes/kept`` rows and remembers it. No parameters.
    package var trim: String
    /// Run after a commit that changed something, to wake those who wait; may be empty.
    package var announce: String
    /// Makes the table of generations; empty where the engine stamps.
    package var generations: [String]

    package init(
        column: String, horizon: String, dropped: String, trim: String, announce: String
    ) {
        self.column = column
        self.horizon = horizon
        self.dropped = dropped
        self.trim = trim
        self.announce = announce
        generations = []
    }

    /// By generations. New rows have stamp 0, which is no generation.
    ///
    /// - Parameter dialect: Lacks only this.
    package init(byGenerationsFor dialect: Dialect) {
        let number = dialect.integer
        column = "\(number) NOT NULL DEFAULT 0"
        horizon = "(SELECT f.last + 1 FROM feed f WHERE f.id = 1)"
        dropped = "(SELECT f.dropped FROM feed f WHERE f.id = 1)"
        trim = ""
        announce = ""
        generations = [
            """
            CREATE TABLE IF NOT EXISTS feed (id \(number) NOT NULL PRIMARY KEY, \
            last \(number) NOT NULL, dropped \(number) NOT NULL)\(dialect.tableOptions)
            """,
            dialect.insertIfAbsent.before + " feed (id, last, dropped) VALUES (1, 0, 0)"
                + dialect.insertIfAbsent.after,
        ]
    }
}
