import PluginKit

/// One connection of a client library, used by one thread at a time.
///
/// This is all that the store needs of an engine. Failures arrive with the status that the host is
/// to see; besides, two conventions matter:
/// - a table or column that does not exist is ``Status/upgrading``: nobody has migrated yet, or
///   somebody newer has;
/// - damage that the engine finds is ``Status/corrupt``.
package protocol SQLConnection: AnyObject {
    associatedtype Statement: SQLStatement

    /// Statements are sent without waiting for the answers to earlier ones, so that many cost one
    /// round trip: `send` and `post` hand over, `settle` waits.
    static var isPipelined: Bool { get }

    /// A statement that lives as long as the connection.
    func prepare(_ sql: String) throws(DriverFailure) -> Statement

    /// Runs one statement without parameters and without rows.
    func execute(_ sql: String) throws(DriverFailure)

    /// Waits until everything posted has been answered; throws the first failure among them, an
    /// expectation that was not met included. `step` settles too, when it has to wait.
    func settle() throws(DriverFailure)

    func begin(_ mode: TransactionMode) throws(DriverFailure)
    /// What was written is durable when this returns. A failure that may have committed carries
    /// ``DriverFailure/Flags/inDoubt``.
    func commit() throws(DriverFailure)
    /// Never fails: a connection that cannot roll back is of no use afterwards.
    func rollback()

    // One level of savepoints is enough: batches do not nest.
    func savepoint() throws(DriverFailure)
    func releaseSavepoint() throws(DriverFailure)
    func rollbackToSavepoint() throws(DriverFailure)

    /// The `oid` of the row inserted last; nil where the engine does not tell.
    var lastInsertedID: Int64? { get }

    /// Takes the lock under which the schema is changed, held across transactions and ended by the
    /// death of the process. Throws ``Status/upgrading`` when somebody else keeps it too long.
    func lockSchema() throws(DriverFailure)
    func unlockSchema()
}

extension SQLConnection {
    package static var isPipelined: Bool { false }
    package func settle() throws(DriverFailure) {}
}

package enum TransactionMode: Sendable {
    /// Reads see one state of the database.
    case read
    /// Nobody else writes what this transaction has locked.
    case write
    /// Begins when no other write is under way; the writes that come later wait for its end, or find
    /// the row of `context` as it leaves it. The same as `write` where writers exclude each other, or
    /// hold ``Dialect/sharedLock`` and this transaction changes that row first.
    case exclusive
}

/// What the outcome of a statement must be for the transaction to make sense.
package struct Expectation: Sendable {
    private enum Outcome {
        case anything
        case rows(Int)
        case number(Int64)
    }

    private let outcome: Outcome
    private let status: Status

    package static let none = Expectation(outcome: .anything, status: .ok)

    /// So many rows are written, else the failure is `status`.
    static func rows(_ count: Int, otherwise status: Status) -> Expectation {
        Expectation(outcome: .rows(count), status: status)
    }

    /// There is a row whose first column is this number, else the failure is `status`.
    static func number(_ number: Int64, otherwise status: Status) -> Expectation {
        Expectation(outcome: .number(number), status: status)
    }

    /// - Parameters:
    ///   - rows: Rows that the statement matched.
    ///   - number: The first column of its first row, if there was one.
    package func check(rows: Int, number: @autoclosure () -> Int64?) throws(DriverFailure) {
        let isMet =
            switch outcome {
            case .anything: true
            case .rows(let expected): rows == expected
            case .number(let expected): number() == expected
            }
        guard isMet else { throw status == .upgrading ? .upgrading : DriverFailure(status) }
    }
}

/// A prepared statement: bind, step until false, reset.
///
/// Parameters count from 1, columns from 0. What is bound must live until `reset`. A bind that fails
/// is reported by the next `step`.
package protocol SQLStatement: AnyObject {
    func bind(_ parameter: Int, _ number: Int64)
    func bind(_ parameter: Int, _ text: BorrowedText)
    func bind(_ parameter: Int, _ bytes: BorrowedBytes)
    func bind(_ parameter: Int, copying bytes: [UInt8])
    /// UTF-8, for a column of text.
    func bind(_ parameter: Int, copyingText utf8: [UInt8])
    func bindNull(_ parameter: Int)

    /// Starts an execution whose rows are read later: executions are read in the order of `send`,
    /// each by `step` and ended by `reset`. What was bound is no longer needed.
    func send() throws(DriverFailure)

    /// Runs the statement for its effect. Where there is a pipeline it is only handed over, and what
    /// becomes of it is learnt by `settle`. What was bound is no longer needed.
    func post(_ expectation: Expectation) throws(DriverFailure)

    /// True: there is a row. False: the statement is done.
    func step() throws(DriverFailure) -> Bool
    /// Ends the execution and forgets what was bound. Harmless at any time.
    func reset()

    func integer(_ column: Int) -> Int64
    /// Valid until the next `step` or `reset`.
    func text(_ column: Int) -> BorrowedText
    /// Valid until the next `step` or `reset`.
    func bytes(_ column: Int) -> BorrowedBytes
    func isNull(_ column: Int) -> Bool

    /// Rows that the execution matched, for statements that write.
    var affectedRows: Int { get }
}

extension SQLStatement {
    /// Without a pipeline the execution begins with the first `step`.
    package func send() throws(DriverFailure) {}

    package func post(_ expectation: Expectation) throws(DriverFailure) {
        defer { reset() }
        var number: Int64?
        while try step() { number = number ?? integer(0) }
        try expectation.check(rows: affectedRows, number: number)
    }

    /// Runs a statement that returns no rows.
    package func run() throws(DriverFailure) {
        defer { reset() }
        while try step() {}
    }
}
