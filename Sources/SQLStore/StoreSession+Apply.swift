import PluginKit

extension StoreSession {
    /// Performs writes: one transaction and one durable commit for the whole call; see
    /// `kms_database_driver.apply`.
    ///
    /// - Parameter check: Called between batches; throws when the call is cancelled or too late.
    /// - Returns: Whether anything was changed.
    @discardableResult
    package func apply(
        _ writes: Writes, into outcomes: inout Outcomes, check: () throws(DriverFailure) -> Void
    ) throws(DriverFailure) -> Bool {
        guard !writes.isEmpty else { return false }
        // The host's slots stay untouched until all is durable: the call may still fail.
        var statuses = Array(repeating: Status.ok, count: writes.count)
        let hasChanged = try applyTwice(writes, into: &statuses, check: check)
        for (index, status) in statuses.enumerated() { outcomes[index] = status }
        return hasChanged
    }

    private func applyTwice(
        _ writes: Writes, into outcomes: inout [Status], check: () throws(DriverFailure) -> Void
    ) throws(DriverFailure) -> Bool {
        do throws(DriverFailure) {
            return try apply(writes, .together, into: &outcomes, check: check)
        } catch
            where [.corrupt, .exists].contains(error.status)
            && !error.flags.contains(.inDoubt)
        {
            // An item failed after it had begun to write: damage was met, or, in a pipeline, it was
            // learnt late that something is there already. Once more, so that only its batch fails.
            return try apply(writes, .apart, into: &outcomes, check: check)
        }
    }

    private enum Care {
        /// No item is expected to fail once it has begun to write.
        case together
        /// Any may: each batch can be undone, and each item is waited for.
        case apart
    }

    private func apply(
        _ writes: Writes, _ care: Care, into outcomes: inout [Status],
        check: () throws(DriverFailure) -> Void
    ) throws(DriverFailure) -> Bool {
        var changed = ChangedUIDs()
        try connection.begin(.write)
        do throws(DriverFailure) {
            try requireReady(.write)
            try readAhead(writes)
            var start = 0
            while start < writes.count {
                try check()
                let batch = writes.batch(from: start)
                try apply(batch, of: writes, care, &changed, into: &outcomes)
                start = batch.upperBound
            }
            try recordChanges(changed)
            try connection.settle()
            try check()
        } catch {
            connection.rollback()
            throw error
        }
        try connection.commit()
        if dialect.stampedChanges?.generations.isEmpty == false {
            // What was written is written; what was not dropped now is dropped later.
            try? trimGenerations()
        }
        return !changed.uids.isEmpty
    }

    /// One batch: all of it or nothing.
    ///
    /// An item decides before it writes, so a batch of one needs no savepoint where nobody can write
    /// in between, nor where a failure that is learnt late leads to another attempt.
    private func apply(
        _ batch: Range<Int>, of writes: Writes, _ care: Care, _ changed: inout ChangedUIDs,
        into outcomes: inout [Status]
    ) throws(DriverFailure) {
        let decidesLate = Connection.isPipelined && care == .together
        let isProtected =
            care == .apart || batch.count > 1 || !(dialect.hasSingleWriter || decidesLate)
        let mark = changed.uids.count
        if isProtected { try connection.savepoint() }
        for index in batch {
            var status: Status
            do throws(DriverFailure) {
                status = try write(writes[index])
                if !decidesLate { try connection.settle() }
            } catch
                where !decidesLate
                && (error.status == .exists || (error.status == .corrupt && care == .apart))
            {
                status = error.status
            }
            outcomes[index] = status
            guard status == .ok else {
                if isProtected {
                    try connection.rollbackToSavepoint()
                    try connection.releaseSavepoint()
                }
                changed.uids.removeSubrange(mark...)
                for other in batch { ahead.forget(writes[other].uid) }
                for other in batch where other != index { outcomes[other] = .aborted }
                return
            }
            if writes[index].operation != .check { changed.uids.append(writes[index].uid) }
        }
        if isProtected { try connection.releaseSavepoint() }
    }

    /// One item. Anything but ``Status/ok`` means that it has written nothing.
    private func write(_ write: Write) throws(DriverFailure) -> Status {
        guard let operation = write.operation else { return .unsupported }
        var conditions = write.conditions
        guard conditions.isSubset(of: [.present, .revision, .owner]) else { return .unsupported }
        if operation == .update || operation == .check { conditions.insert(.present) }
        var head: Head?
        if write.needsHead {
            head = try self.head(of: write.uid)
            let status = judge(conditions, of: write, against: head)
            guard status == .ok else { return status }
        }
        if operation == .check { return .ok }
        defer { ahead.forget(write.uid) }
        switch (operation, head) {
        case (.create, _): return try create(write)
        case (.update, let head?): return try update(write, head)
        case (.update, nil): return .notFound
        case (.delete, _): return try delete(write.uid, head)
        case (.grant, _): return try grant(write)
        case (.revoke, _): return try revoke(write)
        case (.check, _): return .ok
        }
    }

    private func judge(
        _ conditions: Write.Conditions, of write: Write, against head: Head?
    ) -> Status {
        guard !conditions.isEmpty else { return .ok }
        guard let head else { return .notFound }
        // A damaged row may still be deleted, but nothing can be concluded from it.
        guard head.isWhole else { return .corrupt }
        if conditions.contains(.revision), head.revision != write.expectedRevision {
            return .conflict
        }
        if conditions.contains(.owner), !write.expectedOwner.utf8.elementsEqual(head.owner) {
            return .conflict
        }
        return .ok
    }
}

/// What is known of a stored object before it is changed.
struct Head {
    var row: Int64
    var owner: [UInt8]
    var type: UInt32
    var state: UInt32
    var revision: UInt64
    /// The checksum agrees.
    var isWhole: Bool
}

extension StoreSession {
    private func head(of uid: BorrowedText) throws(DriverFailure) -> Head? {
        if let stored = ahead[uid] { return stored.head }
        let row = try statement(.head)
        row.bind(1, uid)
        return try readHead(of: uid, from: row)
    }

    /// The answer to the statement `head`, which is ended.
    func readHead(of uid: BorrowedText, from row: Statement) throws(DriverFailure) -> Head? {
        defer { row.reset() }
        guard try row.step() else { return nil }
        let owner = row.text(1)
        let type = UInt32(truncatingIfNeeded: row.integer(2))
        let state = UInt32(truncatingIfNeeded: row.integer(3))
        let revision = UInt64(bitPattern: row.integer(4))
        let sum = Checksum.head(
            uid: uid, owner: owner, type: type, state: state, revision: revision)
        return Head(
            row: row.integer(0), owner: Array(owner.utf8), type: type, state: state,
            revision: revision, isWhole: sum == row.integer(5))
    }

    private func create(_ write: Write) throws(DriverFailure) -> Status {
        guard let terms = keys(of: write.terms) else { return .unsupported }
        guard try mayHave(terms, row: nil) else { return .exists }
        try insertObject(write)
        // In a pipeline the row is not known yet, and what follows names it by expression.
        let row: Int64? = Connection.isPipelined ? nil : try insertedRow(write.uid)
        let owner = Checksum.owner(write.owner)
        try insertTerms(write.tags.map { .tag($0.utf8) } + terms, owner, row)
        try insertUniques(terms.filter(\.isUnique), row)
        return .ok
    }

    private func insertObject(_ write: Write) throws(DriverFailure) {
        let uid = write.uid
        let tags = PackedTags.pack(write.tags)
        let insert = try statement(.insertObject)
        insert.bind(1, uid)
        insert.bind(2, write.owner)
        insert.bind(3, Int64(write.type))
        insert.bind(4, Int64(write.state))
        insert.bind(5, Int64(bitPattern: write.revision))
        insert.bind(
            6,
            Checksum.head(
                uid: uid, owner: write.owner, type: write.type, state: write.state,
                revision: write.revision))
        insert.bind(7, Checksum.part(.object, of: uid, write.object))
        insert.bind(8, Checksum.part(.attributes, of: uid, write.attributes))
        insert.bind(9, tags.withBorrowedBytes { Checksum.part(.tags, of: uid, $0) })
        insert.bind(10, copying: tags)
        insert.bind(11, write.attributes)
        insert.bind(12, write.object)
        try insert.post(.rows(1, otherwise: .exists))
    }

    private func insertedRow(_ uid: BorrowedText) throws(DriverFailure) -> Int64 {
        if let row = connection.lastInsertedID { return row }
        let statement = try statement(.lastOID)
        defer { statement.reset() }
        statement.bind(1, uid)
        guard try statement.step() else { throw DriverFailure(.corrupt, "a new row is not there") }
        return statement.integer(0)
    }

    private func update(_ write: Write, _ head: Head) throws(DriverFailure) -> Status {
        let uid = write.uid
        let parts = write.parts
        var terms: [TermKey] = []
        if parts.contains(.attributes) {
            guard let keys = keys(of: write.terms) else { return .unsupported }
            guard try mayHave(keys, row: head.row) else { return .exists }
            terms = keys
        }
        try updateRow(write, head)
        let owner = head.owner.withBorrowedBytes { Checksum.owner(BorrowedText(utf8: $0)) }
        if parts.contains(.tags) {
            let tags = write.tags.map { TermKey.tag($0.utf8) }
            try replaceTerms(in: TermKey.allTags, of: uid, with: tags, owner, head.row)
        }
        if parts.contains(.attributes) {
            try replaceTerms(in: TermKey.allTerms, of: uid, with: terms, owner, head.row)
            try replaceUniques(of: uid, with: terms.filter(\.isUnique), head.row)
        }
        return .ok
    }

    private func updateRow(_ write: Write, _ head: Head) throws(DriverFailure) {
        let parts = write.parts
        let uid = write.uid
        let state = parts.contains(.state) ? write.state : head.state
        let statement = try updater(parts)
        let sum = head.owner.withBorrowedBytes {
            Checksum.head(
                uid: uid, owner: BorrowedText(utf8: $0), type: head.type, state: state,
                revision: write.revision)
        }
        statement.bind(1, Int64(bitPattern: write.revision))
        statement.bind(2, sum)
        statement.bind(3, Int64(state))
        var parameter = 4
        if parts.contains(.object) {
            statement.bind(parameter, Checksum.part(.object, of: uid, write.object))
            statement.bind(parameter + 1, write.object)
            parameter += 2
        }
        if parts.contains(.attributes) {
            statement.bind(parameter, Checksum.part(.attributes, of: uid, write.attributes))
            statement.bind(parameter + 1, write.attributes)
            parameter += 2
        }
        if parts.contains(.tags) {
            let tags = PackedTags.pack(write.tags)
            statement.bind(
                parameter, tags.withBorrowedBytes { Checksum.part(.tags, of: uid, $0) })
            statement.bind(parameter + 1, copying: tags)
            parameter += 2
        }
        statement.bind(parameter, head.row)
        try statement.post(.none)
    }

    private func updater(_ parts: Parts) throws(DriverFailure) -> Statement {
        let index = Int(parts.rawValue & 7)
        if let statement = updates[index] { return statement }
        let columns = ReadShape.blobs.filter { parts.contains($0.part) }
            .map { ", \($0.sum) = ?, \($0.column) = ?" }.joined()
        let statement = try connection.prepare(
            dialect.adapt(
                "UPDATE objects SET rev = ?, head = ?, state = ?\(columns) WHERE oid = ?"))
        updates[index] = statement
        return statement
    }

    /// The object and all grants on the uid.
    private func delete(_ uid: BorrowedText, _ head: Head?) throws(DriverFailure) -> Status {
        let grants = try statement(.deleteGrants)
        grants.bind(1, uid)
        guard let head else {
            try grants.run()
            return grants.affectedRows > 0 ? .ok : .notFound
        }
        try grants.post(.none)
        for which in [FixedStatement.deleteTerms, .deleteUniques, .deleteObject] {
            let statement = try statement(which)
            statement.bind(1, head.row)
            try statement.post(.none)
        }
        return .ok
    }

    private func grant(_ write: Write) throws(DriverFailure) -> Status {
        guard write.rights != 0 else { return .ok }
        let rights = Int64(bitPattern: write.rights)
        guard dialect.addRights.isEmpty else {
            let statement = try statement(.insertOrAddRights)
            statement.bind(1, write.user)
            statement.bind(2, write.uid)
            statement.bind(3, rights)
            try statement.post(.none)
            return .ok
        }
        let add = try statement(.addRights)
        let insert = try statement(.insertGrant)
        // Where several write at once, a grant may appear between the two: then the first succeeds.
        for _ in 0..<3 {
            add.bind(1, rights)
            add.bind(2, write.user)
            add.bind(3, write.uid)
            try add.run()
            if add.affectedRows > 0 { return .ok }
            insert.bind(1, write.user)
            insert.bind(2, write.uid)
            insert.bind(3, rights)
            try insert.run()
            if insert.affectedRows > 0 { return .ok }
        }
        return .conflict
    }

    private func revoke(_ write: Write) throws(DriverFailure) -> Status {
        let remove = try statement(.removeRights)
        remove.bind(1, ~Int64(bitPattern: write.rights))
        remove.bind(2, write.user)
        remove.bind(3, write.uid)
        try remove.post(.none)
        let drop = try statement(.dropEmptyGrant)
        drop.bind(1, write.user)
        drop.bind(2, write.uid)
        try drop.post(.none)
        return .ok
    }
}
