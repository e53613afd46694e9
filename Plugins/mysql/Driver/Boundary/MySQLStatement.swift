import CMariaDB
import CPlatform
import PluginKit
import SQLStore

/// A statement that the server prepares when it is first run. Rows are fetched whole, so that the
/// connection is free for others while they are read.
package final class MySQLStatement: SQLStatement {
    private enum Parameter {
        case null
        case integer(Int64)
        case borrowed(BorrowedBytes)
        case owned([UInt8])

        var size: Int {
            switch self {
            case .null: 0
            case .integer: 8
            case .borrowed(let bytes): bytes.count
            case .owned(let bytes): bytes.count
            }
        }
    }

    private let text: String
    private let connection: MySQLConnection
    private var parameters: [Parameter] = []
    // Owned from the first run on; given to the connection in deinit.
    private var handle: UnsafeMutablePointer<MYSQL_STMT>?
    private var row: RowBuffer?
    private var hasRows = false
    package private(set) var affectedRows = 0

    init(_ text: String, on connection: MySQLConnection) {
        self.text = text
        self.connection = connection
    }

    deinit {
        reset()
        if let handle { connection.forget(handle) }
    }

    package func bind(_ parameter: Int, _ number: Int64) { set(parameter, .integer(number)) }
    package func bind(_ parameter: Int, _ text: BorrowedText) {
        set(parameter, .borrowed(text.utf8))
    }
    package func bind(_ parameter: Int, _ bytes: BorrowedBytes) { set(parameter, .borrowed(bytes)) }
    package func bind(_ parameter: Int, copying bytes: [UInt8]) { set(parameter, .owned(bytes)) }
    package func bind(_ parameter: Int, copyingText utf8: [UInt8]) { set(parameter, .owned(utf8)) }
    package func bindNull(_ parameter: Int) { set(parameter, .null) }

    private func set(_ parameter: Int, _ value: Parameter) {
        while parameters.count < parameter { parameters.append(.null) }
        parameters[parameter - 1] = value
    }

    package func step() throws(DriverFailure) -> Bool {
        if !hasRows {
            let statement = try prepared()
            try execute(statement)
            hasRows = true
        }
        return try row?.fetch(connection) ?? false
    }

    package func reset() {
        parameters.removeAll(keepingCapacity: true)
        guard hasRows, let handle else { return }
        hasRows = false
        row?.wipe()
        // What is stored is only memory: nothing is said to the server.
        if row != nil {
            Self.wipeStored(handle)
            mysql_stmt_free_result(handle)
        }
    }

    package func integer(_ column: Int) -> Int64 { row?.integer(column) ?? 0 }
    package func text(_ column: Int) -> BorrowedText { BorrowedText(utf8: bytes(column)) }
    package func bytes(_ column: Int) -> BorrowedBytes { row?.bytes(column) ?? BorrowedBytes() }
    package func isNull(_ column: Int) -> Bool { row?.isNull(column) ?? true }

    private func prepared() throws(DriverFailure) -> UnsafeMutablePointer<MYSQL_STMT> {
        if let handle { return handle }
        try connection.closeForgotten()
        let made = try connection.withHandle { (connection) throws(DriverFailure) in
            guard let made = mysql_stmt_init(connection) else { throw .outOfMemory }
            return made
        }
        let text = Array(text.utf8)
        var result: Int32 = 0
        do throws(DriverFailure) {
            try text.withBorrowedBytes { (text) throws(DriverFailure) in
                try text.withUnsafeBytes { (text) throws(DriverFailure) in
                    // The library sends the text, and keeps nothing of it, before `complete` returns.
                    let start = text.baseAddress?.assumingMemoryBound(to: CChar.self)
                    try connection.complete({
                        mysql_stmt_prepare_start(&result, made, start, UInt(text.count))
                    }) { mysql_stmt_prepare_cont(&result, made, $0) }
                }
            }
            guard result == 0 else { throw connection.failure(of: made) }
            if mysql_stmt_field_count(made) > 0 { row = try RowBuffer(made) }
        } catch {
            row = nil
            connection.forget(made)
            throw error
        }
        handle = made
        return made
    }

    private func execute(_ statement: UnsafeMutablePointer<MYSQL_STMT>) throws(DriverFailure) {
        try withBinds { (binds) throws(DriverFailure) in
            if let binds {
                guard mysql_stmt_bind_param(statement, binds) == 0 else {
                    throw connection.failure(of: statement)
                }
                try sendApart(binds, statement)
            }
            var result: Int32 = 0
            try connection.complete({ mysql_stmt_execute_start(&result, statement) }) {
                mysql_stmt_execute_cont(&result, statement, $0)
            }
            guard result == 0 else { throw connection.failure(of: statement) }
        }
        guard row != nil else {
            affectedRows = Int(clamping: mysql_stmt_affected_rows(statement))
            connection.noteInsertedID(mysql_stmt_insert_id(statement))
            return
        }
        affectedRows = 0
        var result: Int32 = 0
        try connection.complete({ mysql_stmt_store_result_start(&result, statement) }) {
            mysql_stmt_store_result_cont(&result, statement, $0)
        }
        guard result == 0 else { throw connection.failure(of: statement) }
    }

    /// What does not fit into one packet of the server goes in pieces before.
    private func sendApart(
        _ binds: UnsafeMutablePointer<MYSQL_BIND>, _ statement: UnsafeMutablePointer<MYSQL_STMT>
    ) throws(DriverFailure) {
        let size = parameters.reduce(0) { $0 + $1.size }
        guard size >= connection.packetMax - Self.packetReserve else { return }
        for (index, parameter) in parameters.enumerated() where parameter.size > Self.pieceMax {
            guard parameter.size <= connection.packetMax else {
                throw DriverFailure(
                    .exhausted,
                    "MySQL: an object of \(parameter.size) bytes is too large for the server: raise "
                        + "max_allowed_packet, now \(connection.packetMax)")
            }
            for start in stride(from: 0, to: parameter.size, by: Self.pieceMax) {
                // Within what the parameter is bound to.
                let piece = binds[index].buffer.map { UnsafeRawPointer($0 + start) }
                let count = UInt(min(Self.pieceMax, parameter.size - start))
                var result: my_bool = 0
                try connection.complete({
                    mysql_stmt_send_long_data_start(
                        &result, statement, UInt32(index),
                        piece?.assumingMemoryBound(to: CChar.self), count)
                }) { mysql_stmt_send_long_data_cont(&result, statement, $0) }
                guard result == 0 else { throw connection.failure(of: statement) }
            }
        }
    }

    private static let pieceMax = 1 << 20
    /// For what goes with the parameters.
    private static let packetReserve = 64 << 10

    /// The parameters as the library takes them. Everything that they point to lives for the call of
    /// `body`; borrowed parameters live until the driver returns.
    private func withBinds(
        _ body: (UnsafeMutablePointer<MYSQL_BIND>?) throws(DriverFailure) -> Void
    ) throws(DriverFailure) {
        guard !parameters.isEmpty else { return try body(nil) }
        let count = parameters.count
        let owned = parameters.reduce(1) { size, parameter in
            if case .owned(let bytes) = parameter { size + bytes.count } else { size }
        }
        let binds = UnsafeMutablePointer<MYSQL_BIND>.allocate(capacity: count)
        binds.initialize(repeating: MYSQL_BIND(), count: count)
        let numbers = UnsafeMutablePointer<Int64>.allocate(capacity: count)
        numbers.initialize(repeating: 0, count: count)
        let lengths = UnsafeMutablePointer<UInt>.allocate(capacity: count)
        lengths.initialize(repeating: 0, count: count)
        let buffer = UnsafeMutableRawPointer.allocate(byteCount: owned, alignment: 1)
        defer {
            binds.deallocate()
            numbers.deallocate()
            lengths.deallocate()
            buffer.deallocate()
        }
        var used = 0
        for (index, parameter) in parameters.enumerated() {
            binds[index].length = lengths + index
            lengths[index] = UInt(parameter.size)
            binds[index].buffer_length = lengths[index]
            switch parameter {
            case .null:
                binds[index].buffer_type = MYSQL_TYPE_NULL
            case .integer(let number):
                numbers[index] = number
                binds[index].buffer_type = MYSQL_TYPE_LONGLONG
                binds[index].is_unsigned = 1
                binds[index].buffer = UnsafeMutableRawPointer(numbers + index)
            case .borrowed(let bytes):
                // Binary, also for texts: names are compared byte for byte.
                binds[index].buffer_type = MYSQL_TYPE_BLOB
                // The library only reads what is bound as a parameter.
                binds[index].buffer =
                    bytes.withUnsafeBytes { UnsafeMutableRawPointer(mutating: $0.baseAddress) }
                    ?? buffer
            case .owned(let bytes):
                binds[index].buffer_type = MYSQL_TYPE_BLOB
                // Within the buffer, which has a byte more than all of them together.
                let place = buffer + used
                bytes.withUnsafeBytes { source in
                    if let from = source.baseAddress {
                        place.copyMemory(from: from, byteCount: bytes.count)
                    }
                }
                binds[index].buffer = place
                used += bytes.count
            }
        }
        try body(binds)
    }

    /// Overwrites the rows that the library has stored, which may hold keys.
    private static func wipeStored(_ statement: UnsafeMutablePointer<MYSQL_STMT>) {
        var next = statement.pointee.result.data
        while let row = next {
            // The row as it came, `length` bytes in the library's memory, until the result is freed.
            if let data = row.pointee.data { platform_zeroize(data, Int(row.pointee.length)) }
            next = row.pointee.next
        }
    }
}
