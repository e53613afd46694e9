import PluginKit

extension StoreSession {
    /// Executions that are on their way at once: each may bring an object of 16 MiB.
    private static var aheadMax: Int { 64 }

    /// Retrieves objects in the order asked; see `kms_database_driver.get`.
    package func get(
        _ requests: GetRequests, into objects: inout ObjectsBuilder
    ) throws(DriverFailure) {
        if requests.count == 1 {
            return try read(requests[0], from: ask(requests[0]), into: &objects)
        }
        // One state for all items, and one taking of the engine's lock.
        try connection.begin(.read)
        do throws(DriverFailure) {
            let ahead = Connection.isPipelined ? Self.aheadMax : 1
            for start in stride(from: 0, to: requests.count, by: ahead) {
                try get(
                    requests[start..<min(start + ahead, requests.count)], into: &objects)
            }
        } catch {
            connection.rollback()
            throw error
        }
        try connection.commit()
    }

    /// One round trip for all of them, where there is a pipeline.
    private func get(
        _ requests: Slice<GetRequests>, into objects: inout ObjectsBuilder
    ) throws(DriverFailure) {
        var statements: [Statement] = []
        for request in requests {
            let statement = try ask(request)
            try statement.send()
            statements.append(statement)
        }
        for (request, statement) in zip(requests, statements) {
            try read(request, from: statement, into: &objects)
        }
    }

    /// The statement for a request, with everything bound.
    private func ask(_ request: GetRequest) throws(DriverFailure) -> Statement {
        let names = paddedCount(request.who.count)
        let shape = ReadShape(key: .uid, parts: request.parts, names: names)
        let statement = try reader(shape)
        var parameter = 1
        for index in 0..<names {
            statement.bind(parameter, request.who[min(index, request.who.count - 1)])
            statement.bind(parameter + 1, request.uid)
            parameter += 2
        }
        bindRevision(request.knownRevision, shape.parts, to: statement, from: &parameter)
        statement.bind(parameter, request.uid)
        return statement
    }

    private func read(
        _ request: GetRequest, from statement: Statement, into objects: inout ObjectsBuilder
    ) throws(DriverFailure) {
        defer { statement.reset() }
        do throws(DriverFailure) {
            guard try statement.step(), statement.integer(ReadShape.ready) == 1 else {
                throw .upgrading
            }
            if statement.isNull(ReadShape.identity) {
                var missing = ObjectRecord(uid: request.uid)
                missing.status = .notFound
                missing.rights = UInt64(bitPattern: statement.integer(ReadShape.rights))
                return try objects.append(missing)
            }
            try append(
                statement, request.parts, uid: request.uid, known: request.knownRevision,
                to: &objects)
        } catch  where error.status == .corrupt {
            statement.reset()
            try appendDamaged(request.uid, names: Array(request.who), to: &objects)
        }
    }

    /// Adds the objects in these rows, which the same transaction has found.
    func get(
        rows: [Int64], names: [BorrowedText], parts: Parts, into objects: inout ObjectsBuilder
    ) throws(DriverFailure) {
        let shape = ReadShape(key: .row, parts: parts, names: names.count)
        let statement = try reader(shape)
        let ahead = Connection.isPipelined ? Self.aheadMax : 1
        for start in stride(from: 0, to: rows.count, by: ahead) {
            let some = rows[start..<min(start + ahead, rows.count)]
            for row in some {
                var parameter = 1
                for name in names {
                    statement.bind(parameter, name)
                    parameter += 1
                }
                bindRevision(0, parts, to: statement, from: &parameter)
                statement.bind(parameter, row)
                try statement.send()
            }
            for row in some {
                try read(row: row, from: statement, names: names, parts: parts, into: &objects)
            }
        }
    }

    private func read(
        row oid: Int64, from statement: Statement, names: [BorrowedText], parts: Parts,
        into objects: inout ObjectsBuilder
    ) throws(DriverFailure) {
        defer { statement.reset() }
        do throws(DriverFailure) {
            guard try statement.step() else { throw DriverFailure(.corrupt) }  // index without row
            try append(
                statement, parts, uid: statement.text(ReadShape.identity), known: 0, to: &objects)
        } catch  where error.status == .corrupt {
            statement.reset()
            try appendDamaged(row: oid, names: names, to: &objects)
        }
    }

    private func reader(_ shape: ReadShape) throws(DriverFailure) -> Statement {
        guard shape.names <= ReadShape.namesMax else { throw .invalid("more than 64 names") }
        if let statement = byShape[shape.index] { return statement }
        let statement = try connection.prepare(dialect.adapt(shape.text(current: current)))
        byShape[shape.index] = statement
        return statement
    }

    private func bindRevision(
        _ known: UInt64, _ parts: Parts, to statement: Statement, from parameter: inout Int
    ) {
        for _ in 0..<(parts.rawValue & 7).nonzeroBitCount {
            statement.bind(parameter, Int64(bitPattern: known))
            parameter += 1
        }
    }

    /// Adds the current row, checked against its checksums.
    private func append(
        _ row: Statement, _ parts: Parts, uid: BorrowedText, known: UInt64,
        to objects: inout ObjectsBuilder
    ) throws(DriverFailure) {
        var record = ObjectRecord(uid: uid)
        record.rights = UInt64(bitPattern: row.integer(ReadShape.rights))
        record.owner = row.text(ReadShape.owner)
        record.type = UInt32(truncatingIfNeeded: row.integer(ReadShape.type))
        record.state = UInt32(truncatingIfNeeded: row.integer(ReadShape.state))
        record.revision = UInt64(bitPattern: row.integer(ReadShape.revision))
        let head = Checksum.head(
            uid: uid, owner: record.owner, type: record.type, state: record.state,
            revision: record.revision)
        guard head == row.integer(ReadShape.head) else { throw DriverFailure(.corrupt) }
        guard known == 0 || record.revision != known else {
            record.isUnchanged = true
            return try objects.append(record)
        }
        var tags = BorrowedBytes()
        var column = ReadShape.firstPart
        for blob in ReadShape.blobs where parts.contains(blob.part) {
            let bytes = row.bytes(column + 1)
            guard row.integer(column) == Checksum.part(blob.part, of: uid, bytes) else {
                throw DriverFailure(.corrupt)
            }
            switch blob.part {
            case .object: record.object = bytes
            case .attributes: record.attributes = bytes
            default: tags = bytes
            }
            column += 2
        }
        try objects.append(record)
        try PackedTags.unpack(tags) { (tag) throws(DriverFailure) in try objects.appendTag(tag) }
    }

    /// Names the object whose row cannot be read, as far as its name can.
    private func appendDamaged(
        row oid: Int64, names: [BorrowedText], to objects: inout ObjectsBuilder
    ) throws(DriverFailure) {
        let statement = try statement(.nameByOID)
        defer { statement.reset() }
        statement.bind(1, oid)
        var uid = BorrowedText()
        do throws(DriverFailure) {
            if try statement.step() { uid = statement.text(0) }
        } catch  where error.status == .corrupt {
            // Not even its name can be read; the item still says that something is there.
        }
        try appendDamaged(uid, names: names, to: &objects)
    }

    /// An object of which nothing can be believed; its grants lie elsewhere.
    private func appendDamaged(
        _ uid: BorrowedText, names: [BorrowedText], to objects: inout ObjectsBuilder
    ) throws(DriverFailure) {
        var record = ObjectRecord(uid: uid)
        record.status = .corrupt
        let grant = try statement(.rights)
        defer { grant.reset() }
        for name in names {
            grant.reset()
            grant.bind(1, name)
            grant.bind(2, uid)
            if try grant.step() { record.rights |= UInt64(bitPattern: grant.integer(0)) }
        }
        try objects.append(record)
    }
}

/// Tags in the row of their object, so that reading them is no second search: each a length of two
/// bytes and the text.
enum PackedTags {
    static func pack(_ tags: BorrowedTexts) -> [UInt8] {
        var packed: [UInt8] = []
        for tag in tags {
            let size = UInt16(clamping: tag.utf8.count)  // at most 255 by contract
            packed.append(UInt8(truncatingIfNeeded: size >> 8))
            packed.append(UInt8(truncatingIfNeeded: size))
            packed.append(contentsOf: tag.utf8.prefix(Int(size)))
        }
        return packed
    }

    static func unpack(
        _ packed: BorrowedBytes, _ body: (BorrowedText) throws(DriverFailure) -> Void
    ) throws(DriverFailure) {
        var offset = 0
        while packed.count - offset >= 2 {
            let size = Int(packed[offset]) << 8 | Int(packed[offset + 1])
            let start = offset + 2
            guard packed.count - start >= size else { throw DriverFailure(.corrupt) }
            try body(BorrowedText(utf8: packed.slice(start..<start + size)))
            offset = start + size
        }
    }
}
