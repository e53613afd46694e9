import CMariaDB
import CPlatform
import PluginKit

/// Where the library puts the columns of one row.
///
/// Numbers lie side by side; everything else is fetched into a buffer of its own once its size is
/// known.
final class RowBuffer {
    private let statement: UnsafeMutablePointer<MYSQL_STMT>
    private let count: Int
    // Owned: allocated in init, freed in deinit. The library writes to them in `fetch`.
    private let binds: UnsafeMutablePointer<MYSQL_BIND>
    private let numbers: UnsafeMutablePointer<Int64>
    private let lengths: UnsafeMutablePointer<UInt>
    private let nulls: UnsafeMutablePointer<my_bool>
    private let blobs: UnsafeMutablePointer<Blob>

    private struct Blob {
        var memory: UnsafeMutableRawPointer?
        var capacity = 0
        var used = 0
        var isNumber = false
    }

    /// - Parameter statement: Prepared, with columns; outlives this object.
    init(_ statement: UnsafeMutablePointer<MYSQL_STMT>) throws(DriverFailure) {
        self.statement = statement
        count = Int(mysql_stmt_field_count(statement))
        binds = .allocate(capacity: count)
        binds.initialize(repeating: MYSQL_BIND(), count: count)
        numbers = .allocate(capacity: count)
        numbers.initialize(repeating: 0, count: count)
        lengths = .allocate(capacity: count)
        lengths.initialize(repeating: 0, count: count)
        nulls = .allocate(capacity: count)
        nulls.initialize(repeating: 0, count: count)
        blobs = .allocate(capacity: count)
        blobs.initialize(repeating: Blob(), count: count)
        guard let metadata = mysql_stmt_result_metadata(statement) else { throw .outOfMemory }
        defer { mysql_free_result(metadata) }
        for column in 0..<count {
            binds[column].is_null = nulls + column
            binds[column].length = lengths + column
            if Self.isNumber(metadata.pointee.fields[column].type) {
                blobs[column].isNumber = true
                binds[column].buffer_type = MYSQL_TYPE_LONGLONG
                binds[column].is_unsigned = 1
                binds[column].buffer = UnsafeMutableRawPointer(numbers + column)
                binds[column].buffer_length = 8
            } else {
                // No memory: the library tells the size only.
                binds[column].buffer_type = MYSQL_TYPE_BLOB
            }
        }
        guard mysql_stmt_bind_result(statement, binds) == 0 else { throw .outOfMemory }
    }

    deinit {
        wipe()
        for column in 0..<count { blobs[column].memory?.deallocate() }
        binds.deallocate()
        numbers.deallocate()
        lengths.deallocate()
        nulls.deallocate()
        blobs.deallocate()
    }

    private static func isNumber(_ type: enum_field_types) -> Bool {
        [
            MYSQL_TYPE_TINY, MYSQL_TYPE_SHORT, MYSQL_TYPE_INT24, MYSQL_TYPE_LONG,
            MYSQL_TYPE_LONGLONG, MYSQL_TYPE_NULL,
        ].contains(type)
    }

    /// The next of the stored rows; false behind the last.
    func fetch(_ connection: MySQLConnection) throws(DriverFailure) -> Bool {
        wipe()
        switch mysql_stmt_fetch(statement) {
        case 0, MYSQL_DATA_TRUNCATED: break
        case MYSQL_NO_DATA: return false
        default: throw connection.failure(of: statement)
        }
        for column in 0..<count where !blobs[column].isNumber && nulls[column] == 0 {
            let size = Int(lengths[column])
            guard size > 0 else { continue }
            let memory = memory(for: column, size)
            var bind = MYSQL_BIND()
            var length: UInt = 0
            bind.buffer_type = MYSQL_TYPE_BLOB
            bind.buffer = memory
            bind.buffer_length = UInt(size)
            // `length` lives for the call, which copies at most `size` bytes.
            let status = withUnsafeMutablePointer(to: &length) { length in
                bind.length = length
                return mysql_stmt_fetch_column(statement, &bind, UInt32(column), 0)
            }
            guard status == 0 else { throw connection.failure(of: statement) }
            blobs[column].used = size
        }
        return true
    }

    private func memory(for column: Int, _ size: Int) -> UnsafeMutableRawPointer {
        if let memory = blobs[column].memory, blobs[column].capacity >= size { return memory }
        blobs[column].memory?.deallocate()
        let capacity = max(size, 64)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        blobs[column].memory = memory
        blobs[column].capacity = capacity
        return memory
    }

    /// Overwrites the row, which may hold a key.
    func wipe() {
        for column in 0..<count {
            // `used` bytes were written to the memory.
            if let memory = blobs[column].memory { platform_zeroize(memory, blobs[column].used) }
            blobs[column].used = 0
        }
    }

    func isNull(_ column: Int) -> Bool { nulls[column] != 0 }

    /// The bit pattern; 0 for NULL. The server writes some numbers as digits: those which it computes
    /// from signed and unsigned ones.
    func integer(_ column: Int) -> Int64 {
        guard nulls[column] == 0 else { return 0 }
        guard !blobs[column].isNumber else { return numbers[column] }
        let digits = String(decoding: bytes(column), as: UTF8.self)
        return Int64(digits) ?? UInt64(digits).map { Int64(bitPattern: $0) } ?? 0
    }

    /// The bytes, until the next row.
    func bytes(_ column: Int) -> BorrowedBytes {
        guard nulls[column] == 0 else { return BorrowedBytes() }
        return BorrowedBytes(blobs[column].memory, count: blobs[column].used)
    }
}
