import CSQLite
import Glibc
import PluginKit

/// Turns result codes into failures. https://www.sqlite.org/rescode.html
enum SQLiteFailure {
    /// The failure of the last call on `database`, which returned `code`.
    ///
    /// - Parameter database: Open or half-open; nil when not even that succeeded.
    static func make(
        _ code: Int32, _ database: OpaquePointer?, watch: Watch? = nil
    ) -> DriverFailure {
        // SQLite remembers the system's error for some failures only; a failed write of the log is
        // not among them, but then nothing else has failed since.
        let lastError = errno
        let known = database.map { sqlite3_system_errno($0) } ?? 0
        let systemError = known != 0 ? known : lastError
        // Valid until the next call on the connection, which is copied from before that.
        let text = database.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) } ?? ""
        return make(code, text: text, systemError: systemError, watch: watch)
    }

    static func make(
        _ code: Int32, text: String, systemError: Int32, watch: Watch?
    ) -> DriverFailure {
        var failure = DriverFailure(.internal, "SQLite: \(text)", nativeCode: Int64(code))
        switch code & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED:
            if let reason = watch?.stopReason { return reason }
            failure.status = .unavailable
            failure.flags = .retryable
            failure.message = "SQLite: the database is in use: another process keeps it locked"
        case SQLITE_INTERRUPT:
            return watch?.stopReason ?? .cancelled
        case SQLITE_FULL:
            failure.status = .exhausted
            failure.message = "SQLite: no space left for the database: \(text)"
        case SQLITE_IOERR:
            ioError(code, text: text, systemError: systemError, &failure)
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            failure.status = .corrupt
        case SQLITE_NOMEM:
            failure.status = .exhausted
            failure.flags = .retryable
        case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_READONLY, SQLITE_AUTH, SQLITE_PROTOCOL:
            failure.status = .unavailable
        case SQLITE_SCHEMA:
            return .upgrading
        case SQLITE_ERROR where isMissing(text):
            return .upgrading
        default:
            break
        }
        return failure
    }

    private static func ioError(
        _ code: Int32, text: String, systemError: Int32, _ failure: inout DriverFailure
    ) {
        let cause = String(cString: strerror(systemError))
        failure.message = "SQLite: \(text): \(cause)"
        switch systemError {
        case ENOSPC, EDQUOT, EFBIG:
            failure.status = .exhausted
            failure.message = "SQLite: no space left for the database: \(cause)"
        default:
            failure.status = code & 0xFF == SQLITE_CORRUPT ? .corrupt : .unavailable
        }
    }

    /// SQLite has one code for every error in SQL. Our texts are fixed, so a name that is not there
    /// means that the schema is not ours yet, or no longer.
    private static func isMissing(_ text: String) -> Bool {
        text.hasPrefix("no such table") || text.hasPrefix("no such column")
            || text.contains("has no column named")
    }
}
