/// A change feed for engines where many write at once, so that row numbers do not follow commits.
///
/// Every row of `changes` has a stamp, and the engine can tell a horizon: of all rows below it that
/// will ever be seen, each can be seen now. What lies above is still settling: a row may appear
/// below others that were already visible. So a token only ever advances to the horizon, while
/// visible rows above it are reported at once, and remembered so that they are reported once.
///
/// Rows are dropped by stamp, and a row without uid, just below what is left, tells that some were.
package struct StampedChanges: Sendable {
    /// Definition of the column `stamp`, with a default that stamps new rows.
    package var column: String
    /// The horizon, as an expression.
    package var horizon: String
    /// Drops what lies further back than ``Changes/kept`` rows and leaves the row that tells. No
    /// parameters.
    package var trim: String
    /// Run after a commit that changed something, to wake those who wait; may be empty.
    package var announce: String

    package init(column: String, horizon: String, trim: String, announce: String) {
        self.column = column
        self.horizon = horizon
        self.trim = trim
        self.announce = announce
    }
}
