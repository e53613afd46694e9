import CPlatform
import CPostgreSQL
import PluginKit

/// The answer to one statement: rows in binary form, or an error.
final class PostgresResult {
    // Owned: cleared in deinit.
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) { self.handle = handle }

    deinit {
        wipe()
        PQclear(handle)
    }

    enum Outcome {
        case done
        case error
        /// An earlier statement of the pipeline failed, so this one was skipped.
        case skipped
        /// The end of a pipeline's stretch, where the server goes on after an error.
        case sync
    }

    var outcome: Outcome {
        switch PQresultStatus(handle) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: .done
        case PGRES_PIPELINE_ABORTED: .skipped
        case PGRES_PIPELINE_SYNC: .sync
        default: .error
        }
    }

    var rowCount: Int { Int(PQntuples(handle)) }

    /// Rows that a statement wrote; 0 for others.
    var affectedRows: Int {
        PQcmdTuples(handle).map { Int(String(cString: $0)) ?? 0 } ?? 0
    }

    /// What was done: `COMMIT`, or `ROLLBACK` where a commit was asked for.
    var command: String { PQcmdStatus(handle).map { String(cString: $0) } ?? "" }

    /// SQLSTATE; empty when the failure is libpq's own.
    var state: String { field(CChar(UInt8(ascii: "C"))) }

    /// The server's words, without its details, which may hold values.
    var message: String { field(CChar(UInt8(ascii: "M"))) }

    private func field(_ code: CChar) -> String {
        PQresultErrorField(handle, Int32(code)).map { String(cString: $0) } ?? ""
    }

    // Rows and columns are asked for within the result only, or PQgetlength is 0 and the value empty.

    func isNull(_ row: Int, _ column: Int) -> Bool {
        PQgetisnull(handle, Int32(row), Int32(column)) != 0
    }

    /// The bytes, alive until the result goes away.
    func bytes(_ row: Int, _ column: Int) -> BorrowedBytes {
        BorrowedBytes(
            PQgetvalue(handle, Int32(row), Int32(column)),
            count: Int(PQgetlength(handle, Int32(row), Int32(column))))
    }

    /// Integers and booleans of any width, most significant byte first; 0 for NULL.
    func integer(_ row: Int, _ column: Int) -> Int64 {
        let bytes = bytes(row, column)
        guard let first = bytes.first, bytes.count <= 8 else { return 0 }
        let sign: Int64 = first & 0x80 != 0 && bytes.count > 1 ? -1 : 0
        return bytes.reduce(sign) { $0 << 8 | Int64($1) }
    }

    /// Overwrites what may be a key. The result's memory is ours until it is cleared.
    private func wipe() {
        let byteaType: Oid = 17
        for column in 0..<PQnfields(handle) where PQftype(handle, column) == byteaType {
            for row in 0..<PQntuples(handle) {
                if let value = PQgetvalue(handle, row, column) {
                    platform_zeroize(value, Int(PQgetlength(handle, row, column)))
                }
            }
        }
    }
}
