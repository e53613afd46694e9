import CSQLite
import Glibc
import PluginKit
import SQLStore

/// One connection to the file, used by one thread at a time.
package final class SQLiteConnection: SQLConnection {
    /// What it is used for.
    package enum Role { case reader, writer }

    // Owned: closed in deinit. Opened NOMUTEX: whoever uses the connection holds its slot.
    private let handle: OpaquePointer
    let watch: Watch
    private let file: DatabaseFile
    private var control: [Control: SQLiteStatement] = [:]

    private enum Control: String {
        case begin = "BEGIN"
        case beginImmediate = "BEGIN IMMEDIATE"
        case commit = "COMMIT"
        case rollback = "ROLLBACK"
        case savepoint = "SAVEPOINT batch"
        case release = "RELEASE batch"
        case rollbackTo = "ROLLBACK TO batch"
    }

    /// - Parameter settings: PRAGMAs of the driver's options; texts of ours.
    package init(
        _ file: DatabaseFile, _ role: Role, settings: [String], host: Host
    ) throws(DriverFailure) {
        var handle: OpaquePointer?
        let mode = file.isReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE
        let code = sqlite3_open_v2(file.path, &handle, mode | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let handle else {
            defer { sqlite3_close_v2(handle) }  // also a connection that failed to open is closed
            var failure = SQLiteFailure.make(code, handle)
            failure.message += " (\(file.path))"
            throw failure
        }
        self.handle = handle
        self.file = file
        watch = Watch(host: host)
        watch.attach(to: handle)
        sqlite3_extended_result_codes(handle, 1)
        do throws(DriverFailure) {
            for pragma in Self.pragmas(role) + settings { try execute("PRAGMA \(pragma)") }
        } catch {
            // The first look into the file: it may be no database.
            var failure = error
            failure.message += " (\(file.path))"
            throw failure
        }
    }

    deinit {
        control.removeAll()
        sqlite3_close_v2(handle)
    }

    /// Reads of a schema that somebody else wrote run no functions of it; nothing goes to temporary
    /// files; what is deleted is overwritten, because it may have been a key.
    private static func pragmas(_ role: Role) -> [String] {
        let common = ["trusted_schema = OFF", "temp_store = MEMORY", "cell_size_check = ON"]
        switch role {
        case .reader: return common + ["query_only = ON"]
        case .writer: return common + ["secure_delete = ON", "wal_autocheckpoint = 1000"]
        }
    }

    static var version: String { String(cString: sqlite3_libversion()) }

    func failure(_ code: Int32) -> DriverFailure { SQLiteFailure.make(code, handle, watch: watch) }

    package func prepare(_ sql: String) throws(DriverFailure) -> SQLiteStatement {
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v2(handle, sql, -1, &statement, nil)
        guard code == SQLITE_OK, let statement else { throw failure(code) }
        return SQLiteStatement(statement, watch)
    }

    package func execute(_ sql: String) throws(DriverFailure) {
        try prepare(sql).run()
    }

    package func begin(_ mode: TransactionMode) throws(DriverFailure) {
        try run(mode == .read ? .begin : .beginImmediate)  // one writer: exclusive as it is
    }

    package func commit() throws(DriverFailure) {
        do throws(DriverFailure) {
            try run(.commit)
        } catch {
            var failure = error
            // The log may hold the commit although the flush behind it failed, and a later process
            // would read it as committed. A failed write is different: the mark of the commit is the
            // last thing written, so it is not there.
            let isIOError = failure.nativeCode & 0xFF == Int64(SQLITE_IOERR)
            let isWrite = failure.nativeCode == Int64(SQLITE_IOERR | 3 << 8)  // SQLITE_IOERR_WRITE
            if isIOError, !isWrite { failure.flags.insert(.inDoubt) }
            rollback()
            throw failure
        }
    }

    package func rollback() {
        // Some failures have rolled back already.
        guard sqlite3_get_autocommit(handle) == 0 else { return }
        _ = try? run(.rollback)  // it cannot fail with a transaction open, whatever it returns
    }

    package func savepoint() throws(DriverFailure) { try run(.savepoint) }
    package func releaseSavepoint() throws(DriverFailure) { try run(.release) }
    package func rollbackToSavepoint() throws(DriverFailure) { try run(.rollbackTo) }

    /// SQLite asks the watch after a statement has done its work, too: a commit that is stopped then
    /// has happened, and a `BEGIN` has begun.
    private func run(_ which: Control) throws(DriverFailure) {
        try watch.pause { () throws(DriverFailure) in
            if let statement = control[which] { return try statement.run() }
            let statement = try prepare(which.rawValue)
            control[which] = statement
            try statement.run()
        }
    }

    package var lastInsertedID: Int64? { sqlite3_last_insert_rowid(handle) }

    /// A number that the file tells: `PRAGMA page_count` and such.
    package func number(_ sql: String) throws(DriverFailure) -> Int64 {
        let statement = try prepare(sql)
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : 0
    }

    /// Moves the log into the file as far as readers allow. Its failure loses nothing: the log stays.
    func checkpoint() {
        _ = sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
    }
}

// Under the schema's lock.
extension SQLiteConnection {
    package func lockSchema() throws(DriverFailure) {
        try file.lockSchema { () throws(DriverFailure) in try watch.check() }
        do throws(DriverFailure) {
            try useLog()
        } catch {
            file.unlockSchema()
            throw error
        }
    }

    package func unlockSchema() { file.unlockSchema() }

    /// Gives a new file a write-ahead log. Files of others are left as they are.
    private func useLog() throws(DriverFailure) {
        guard try number("SELECT count(*) FROM sqlite_master") == 0 else { return }
        for _ in 0..<DatabaseFile.attempts {
            let statement = try prepare("PRAGMA journal_mode = WAL")
            var isDone = false
            do throws(DriverFailure) {
                isDone = try statement.step() && statement.text(0) == "wal"
            } catch  where error.status == .unavailable {
                // Another server is reading at this moment, to find out whether the file is empty.
            }
            statement.reset()
            if isDone { return }
            try watch.check()
            usleep(DatabaseFile.pause_us)
        }
        throw DriverFailure(
            .unavailable, "SQLite: the file system allows no write-ahead log (\(file.path))",
            flags: .retryable)
    }
}
