import PluginKit
import SQLStore

/// An engine that understands the statements of a migration and records all others.
final class FakeConnection: SQLConnection {
    /// What survives a dropped connection.
    struct Stored {
        var tables: Set<String> = []
        var context: (version: String, state: String, revision: Int64, minimum: Int64)?
        /// Statements of revisions, in order.
        var ran: [String] = []
    }

    var stored = Stored()
    var prepared: [String] = []
    /// How many statements may still be executed before the connection breaks; nil: any number.
    var executionsLeft: Int?
    private(set) var isLocked = false
    private(set) var ranUnlocked = false
    /// The transaction in which the database was marked.
    private(set) var markedWith: TransactionMode?
    private var mode: TransactionMode?
    private var before: Stored?

    static let dialect = Dialect(
        placeholder: .dollar, rowID: "ROWID", integer: "INT", keyText: { "TEXT(\($0))" },
        keyBytes: "BYTES", blob: "BLOB", insertIfAbsent: (before: "PUT INTO", after: " OR NOT"),
        now: "NOW",
        listTables: "TABLES", countOwnContext: "OWN")

    func prepare(_ sql: String) throws(DriverFailure) -> FakeStatement {
        prepared.append(sql)
        switch sql {
        case "TABLES": return FakeStatement(rows: stored.tables.map { [.text($0)] })
        case "OWN":
            return FakeStatement(rows: [[.integer(stored.tables.contains("context") ? 1 : 0)]])
        case _ where sql.hasPrefix("SELECT version, state"):
            return FakeStatement(
                rows: stored.context.map {
                    [
                        [
                            .text($0.version), .text($0.state), .integer($0.revision),
                            .integer($0.minimum),
                        ]
                    ]
                } ?? [])
        case _ where sql.hasPrefix("UPDATE context SET version"):
            return FakeStatement(rows: []) { [self] in stored.context?.version = $0 }
        default: return FakeStatement(rows: [])
        }
    }

    func execute(_ sql: String) throws(DriverFailure) {
        if !isLocked { ranUnlocked = true }
        if let left = executionsLeft {
            guard left > 0 else { throw DriverFailure(.unavailable, "the connection broke") }
            executionsLeft = left - 1
        }
        let numbers = sql.split { !$0.isNumber }.compactMap { Int64($0) }
        if sql.hasPrefix("CREATE CONTEXT") {
            stored.tables.insert("context")
        } else if sql.hasPrefix("PUT INTO context") {
            if stored.context == nil { stored.context = ("", "upgrading", 0, 0) }
        } else if sql.hasPrefix("UPDATE context SET state = 'upgrading'") {
            stored.context?.state = "upgrading"
            stored.context?.minimum = numbers[0]
            markedWith = mode
        } else if sql.hasPrefix("UPDATE context SET schema_rev") {
            stored.context?.revision = numbers[0]
        } else if sql.hasPrefix("UPDATE context SET state = 'ready'") {
            stored.context?.state = "ready"
            stored.context?.minimum = numbers[0]
        } else {
            stored.ran.append(sql)
        }
    }

    func begin(_ mode: TransactionMode) throws(DriverFailure) {
        before = stored
        self.mode = mode
    }
    func commit() throws(DriverFailure) { before = nil }
    func rollback() {
        if let before { stored = before }
        before = nil
    }
    func savepoint() throws(DriverFailure) {}
    func releaseSavepoint() throws(DriverFailure) {}
    func rollbackToSavepoint() throws(DriverFailure) {}
    var lastInsertedID: Int64? { nil }
    func lockSchema() throws(DriverFailure) { isLocked = true }
    func unlockSchema() { isLocked = false }
}

final class FakeStatement: SQLStatement {
    enum Value {
        case integer(Int64)
        case text(String)
    }

    private var rows: [[Value]]
    private var current: [Value] = []
    private let onText: (String) -> Void

    init(rows: [[Value]], onText: @escaping (String) -> Void = { _ in }) {
        self.rows = rows
        self.onText = onText
    }

    func bind(_ parameter: Int, _ number: Int64) {}
    func bind(_ parameter: Int, _ text: BorrowedText) {}
    func bind(_ parameter: Int, _ bytes: BorrowedBytes) {}
    func bind(_ parameter: Int, copying bytes: [UInt8]) {}
    func bind(_ parameter: Int, copyingText utf8: [UInt8]) {
        onText(String(decoding: utf8, as: UTF8.self))
    }
    func bindNull(_ parameter: Int) {}
    func step() throws(DriverFailure) -> Bool {
        guard !rows.isEmpty else { return false }
        current = rows.removeFirst()
        return true
    }
    func reset() {}
    func integer(_ column: Int) -> Int64 {
        if case .integer(let number) = current[column] { number } else { 0 }
    }
    func text(_ column: Int) -> BorrowedText {
        guard case .text(let text) = current[column] else { return BorrowedText() }
        return FakeStatement.literal(text)
    }
    func bytes(_ column: Int) -> BorrowedBytes { text(column).utf8 }
    func isNull(_ column: Int) -> Bool { false }
    var affectedRows: Int { 1 }
}
