import CSQLite
import Glibc

/// The file as SQLite itself sees it: to look behind the driver, and to damage what it has written.
final class RawDatabase {
    private let handle: OpaquePointer

    init(_ directory: String) throws {
        var handle: OpaquePointer?
        let code = sqlite3_open_v2(
            "\(directory)/kms.db", &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nil)
        guard code == SQLITE_OK, let handle else { throw TestFailure(status: Int(code)) }
        self.handle = handle
        sqlite3_busy_timeout(handle, 5000)
    }

    deinit { sqlite3_close_v2(handle) }

    /// Runs statements; returns each row as texts.
    @discardableResult
    func run(_ sql: String) throws -> [[String]] {
        var rows: [[String]] = []
        var rest = sql[...]
        while !rest.isEmpty {
            var statement: OpaquePointer?
            let text = String(rest)
            let consumed = try text.withCString { start in
                var tail: UnsafePointer<CChar>?
                guard sqlite3_prepare_v2(handle, start, -1, &statement, &tail) == SQLITE_OK else {
                    throw TestFailure(status: -1, message: String(cString: sqlite3_errmsg(handle)))
                }
                return tail.map { $0 - start } ?? 0
            }
            rest =
                rest.utf8.dropFirst(consumed).isEmpty
                ? "" : Substring(rest.utf8.dropFirst(consumed))
            defer { sqlite3_finalize(statement) }
            guard let statement else { continue }
            while true {
                let code = sqlite3_step(statement)
                if code == SQLITE_DONE { break }
                guard code == SQLITE_ROW else {
                    throw TestFailure(
                        status: Int(code), message: String(cString: sqlite3_errmsg(handle)))
                }
                rows.append(
                    (0..<sqlite3_column_count(statement)).map { column in
                        sqlite3_column_text(statement, column).map { String(cString: $0) } ?? "NULL"
                    })
            }
        }
        return rows
    }
}

/// Every statement that connections of this process run, by file. SQLite tells a new connection to
/// the process, so the driver needs no door for tests.
enum StatementLog {
    static let file: @Sendable () -> Void = {
        // The signature that SQLite calls is (db, message, api); it is declared without.
        let install:
            @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?, UnsafeRawPointer?) -> Int32 =
                {
                    database, _, _ in
                    sqlite3_trace_v2(
                        database, UInt32(SQLITE_TRACE_STMT),
                        { _, _, statement, _ in
                            let statement = statement.map { OpaquePointer($0) }
                            guard let sql = sqlite3_sql(statement),
                                let name = sqlite3_db_filename(sqlite3_db_handle(statement), "main")
                            else { return 0 }
                            lock.lock()
                            defer { lock.unlock() }
                            statements[String(cString: name), default: []].insert(
                                String(cString: sql))
                            return 0
                        }, nil)
                    return SQLITE_OK
                }
        sqlite3_auto_extension(unsafeBitCast(install, to: (@convention(c) () -> Void).self))
    }

    private static let lock = Lock()
    private nonisolated(unsafe) static var statements: [String: Set<String>] = [:]
    private static let isInstalled: Void = file()

    /// From now on connections opened in this process are recorded.
    static func install() { _ = isInstalled }

    static func statements(in directory: String) -> Set<String> {
        lock.lock()
        defer { lock.unlock() }
        return statements.filter { $0.key.hasSuffix("\(directory)/kms.db") }
            .reduce(into: []) { $0.formUnion($1.value) }
    }
}

private final class Lock: @unchecked Sendable {
    // Initialised once, used in place, never copied.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    init() { pthread_mutex_init(mutex, nil) }
    func lock() { pthread_mutex_lock(mutex) }
    func unlock() { pthread_mutex_unlock(mutex) }
}
