import PluginKit

// What can be searched follows the object within the same write.
extension StoreSession {
    /// The terms as keys, in order and none twice; nil when a value has an unknown type.
    func keys(of terms: Terms) -> [TermKey]? {
        var keys: [TermKey] = []
        keys.reserveCapacity(terms.count)
        for term in terms {
            guard var key = TermKey(path: term.path, value: term.value) else { return nil }
            key.isUnique = term.isUnique
            keys.append(key.fitting(dialect.keyMax))
        }
        return keys
    }

    /// No other object has one of the unique terms. In a pipeline that is learnt from inserting them.
    func mayHave(_ terms: [TermKey], row: Int64?) throws(DriverFailure) -> Bool {
        if Connection.isPipelined { return true }
        for term in terms where term.isUnique {
            let find = try statement(.findUnique)
            defer { find.reset() }
            find.bind(1, copying: term.bytes)
            if try find.step(), find.integer(0) != row { return false }
        }
        return true
    }

    /// - Parameter row: Nil for the object inserted last.
    func insertTerms(
        _ terms: [TermKey], _ owner: Int64, _ row: Int64?
    ) throws(DriverFailure) {
        try insert(terms, RowInsert(table: .terms, followsObject: row == nil)) {
            insert, term, parameter in
            insert.bind(parameter, copying: term.bytes)
            insert.bind(parameter + 1, owner)
            if let number = term.number {
                insert.bind(parameter + 2, number)
            } else {
                insert.bindNull(parameter + 2)
            }
            return Self.bind(row, to: insert, parameter + 3)
        }
    }

    /// The failure is ``Status/exists`` when another object has one of the terms, or another writer
    /// was faster; the batch is then rolled back.
    ///
    /// - Parameter row: Nil for the object inserted last.
    func insertUniques(_ terms: [TermKey], _ row: Int64?) throws(DriverFailure) {
        var seen: Set<[UInt8]> = []
        let distinct = terms.filter { seen.insert($0.bytes).inserted }
        let isCertain = dialect.hasSingleWriter
        try insert(
            distinct, RowInsert(table: .uniques, followsObject: row == nil),
            expecting: { isCertain ? .none : .rows($0, otherwise: .exists) }
        ) { insert, term, parameter in
            insert.bind(parameter, copying: term.bytes)
            return Self.bind(row, to: insert, parameter + 1)
        }
    }

    /// Returns the next parameter; no row is no parameter.
    private static func bind(_ row: Int64?, to insert: Statement, _ parameter: Int) -> Int {
        guard let row else { return parameter }
        insert.bind(parameter, row)
        return parameter + 1
    }

    /// Makes the terms within `bounds` the given ones, touching only what differs: each row spared
    /// is a page less to flush.
    func replaceTerms(
        in bounds: TermKey.Bounds, of uid: BorrowedText, with terms: [TermKey], _ owner: Int64,
        _ row: Int64
    ) throws(DriverFailure) {
        let stored = try storedTerms(in: bounds, of: uid, row)
        let wanted = Set(terms.map(\.bytes))
        for key in stored where !wanted.contains(key) {
            let delete = try statement(.deleteTerm)
            delete.bind(1, copying: key)
            delete.bind(2, owner)
            delete.bind(3, row)
            try delete.post(.none)
        }
        try insertTerms(terms.filter { !stored.contains($0.bytes) }, owner, row)
    }

    private func storedTerms(
        in bounds: TermKey.Bounds, of uid: BorrowedText, _ row: Int64
    ) throws(DriverFailure) -> Set<[UInt8]> {
        if let stored = ahead[uid]?.terms {
            return stored.filter {
                !$0.lexicographicallyPrecedes(bounds.lower)
                    && $0.lexicographicallyPrecedes(bounds.upper)
            }
        }
        let list = try statement(.listTerms)
        list.bind(1, row)
        list.bind(2, copying: bounds.lower)
        list.bind(3, copying: bounds.upper)
        return try keys(list)
    }

    func replaceUniques(
        of uid: BorrowedText, with terms: [TermKey], _ row: Int64
    ) throws(DriverFailure) {
        var stored: Set<[UInt8]>
        if let known = ahead[uid]?.uniques {
            stored = known
        } else {
            let list = try statement(.listUniques)
            list.bind(1, row)
            stored = try keys(list)
        }
        let wanted = Set(terms.map(\.bytes))
        for key in stored where !wanted.contains(key) {
            let delete = try statement(.deleteUnique)
            delete.bind(1, copying: key)
            try delete.post(.none)
        }
        try insertUniques(terms.filter { !stored.contains($0.bytes) }, row)
    }

    /// The first column of all rows; the statement is ended.
    func keys(_ statement: Statement) throws(DriverFailure) -> Set<[UInt8]> {
        defer { statement.reset() }
        var keys: Set<[UInt8]> = []
        while try statement.step() { keys.insert(Array(statement.bytes(0))) }
        return keys
    }
}
