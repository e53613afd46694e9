import CSQLite
import PluginKit
import SQLStore

/// A prepared statement; finalized with its object. SQLite keeps a closed connection until its last
/// statement is gone.
package final class SQLiteStatement: SQLStatement {
    // Owned: finalized in deinit.
    private let handle: OpaquePointer
    private let watch: Watch
    /// The first bind that failed since the last reset.
    private var bindFailure = SQLITE_OK

    init(_ handle: OpaquePointer, _ watch: Watch) {
        self.handle = handle
        self.watch = watch
    }

    deinit { sqlite3_finalize(handle) }

    // SQLite copies what is bound at once.
    private static let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    package func bind(_ parameter: Int, _ number: Int64) {
        note(sqlite3_bind_int64(handle, Int32(parameter), number))
    }

    package func bind(_ parameter: Int, _ text: BorrowedText) {
        // No destructor: the caller keeps the text until `reset`, and SQLite reads it only in `step`.
        bindText(parameter, text.utf8, destructor: nil)
    }

    package func bind(_ parameter: Int, copyingText utf8: [UInt8]) {
        utf8.withBorrowedBytes { bindText(parameter, $0, destructor: Self.copies) }
    }

    package func bind(_ parameter: Int, _ bytes: BorrowedBytes) {
        bindBlob(parameter, bytes, destructor: nil)  // as for texts
    }

    package func bind(_ parameter: Int, copying bytes: [UInt8]) {
        bytes.withBorrowedBytes { bindBlob(parameter, $0, destructor: Self.copies) }
    }

    package func bindNull(_ parameter: Int) { note(sqlite3_bind_null(handle, Int32(parameter))) }

    private func bindText(
        _ parameter: Int, _ text: BorrowedBytes, destructor: sqlite3_destructor_type?
    ) {
        text.withUnsafeBytes { bytes in
            // A null pointer would bind NULL, and an empty text has one.
            guard let base = bytes.baseAddress else {
                return note(sqlite3_bind_text(handle, Int32(parameter), "", 0, Self.copies))
            }
            note(
                sqlite3_bind_text(
                    handle, Int32(parameter), base.assumingMemoryBound(to: CChar.self),
                    Int32(clamping: bytes.count), destructor))
        }
    }

    private func bindBlob(
        _ parameter: Int, _ blob: BorrowedBytes, destructor: sqlite3_destructor_type?
    ) {
        blob.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else {
                return note(sqlite3_bind_zeroblob(handle, Int32(parameter), 0))
            }
            note(
                sqlite3_bind_blob(
                    handle, Int32(parameter), base, Int32(clamping: bytes.count), destructor))
        }
    }

    private func note(_ code: Int32) {
        if code != SQLITE_OK, bindFailure == SQLITE_OK { bindFailure = code }
    }

    package func step() throws(DriverFailure) -> Bool {
        guard bindFailure == SQLITE_OK else { throw failure(bindFailure) }
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw failure(code)
        }
    }

    private func failure(_ code: Int32) -> DriverFailure {
        SQLiteFailure.make(code, sqlite3_db_handle(handle), watch: watch)
    }

    package func reset() {
        // Reports the failure of the last step again, which was thrown then.
        _ = sqlite3_reset(handle)
        bindFailure = SQLITE_OK
    }

    package func integer(_ column: Int) -> Int64 { sqlite3_column_int64(handle, Int32(column)) }

    package func text(_ column: Int) -> BorrowedText { BorrowedText(utf8: bytes(column)) }

    package func bytes(_ column: Int) -> BorrowedBytes {
        // SQLite keeps the value until the next step or reset. Asked for as it is stored, it is not
        // converted, so the size belongs to the pointer.
        let base = sqlite3_column_blob(handle, Int32(column))
        return BorrowedBytes(base, count: Int(sqlite3_column_bytes(handle, Int32(column))))
    }

    package func isNull(_ column: Int) -> Bool {
        sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL
    }

    package var affectedRows: Int { Int(sqlite3_changes(sqlite3_db_handle(handle))) }
}
