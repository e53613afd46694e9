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
            keys.append(key)
        }
        return keys
    }

    /// No other object has one of the unique terms.
    func areFree(_ terms: [TermKey], for row: Int64?) throws(DriverFailure) -> Bool {
        for term in terms where term.isUnique {
            let find = try statement(.findUnique)
            defer { find.reset() }
            find.bind(1, copying: term.bytes)
            if try find.step(), find.integer(0) != row { return false }
        }
        return true
    }

    func insertTerm(_ term: TermKey, _ owner: Int64, _ row: Int64) throws(DriverFailure) {
        let insert = try statement(.insertTerm)
        insert.bind(1, copying: term.bytes)
        insert.bind(2, owner)
        insert.bind(3, row)
        if let number = term.number { insert.bind(4, number) } else { insert.bindNull(4) }
        try insert.run()
    }

    /// Throws ``Status/exists`` when another writer was faster; the batch is then rolled back.
    func insertUnique(_ term: TermKey, _ row: Int64) throws(DriverFailure) {
        let insert = try statement(.insertUnique)
        insert.bind(1, copying: term.bytes)
        insert.bind(2, row)
        try insert.run()
        guard insert.affectedRows > 0 || dialect.hasSingleWriter else {
            throw DriverFailure(.exists, "a unique term was taken meanwhile")
        }
    }

    /// Makes the terms within `bounds` the given ones, touching only what differs: each row spared
    /// is a page less to flush.
    func replaceTerms(
        in bounds: TermKey.Bounds, with terms: [TermKey], _ owner: Int64, _ row: Int64
    ) throws(DriverFailure) {
        let list = try statement(.listTerms)
        list.bind(1, row)
        list.bind(2, copying: bounds.lower)
        list.bind(3, copying: bounds.upper)
        let stored = try keys(list)
        let wanted = Set(terms.map(\.bytes))
        for key in stored where !wanted.contains(key) {
            let delete = try statement(.deleteTerm)
            delete.bind(1, copying: key)
            delete.bind(2, owner)
            delete.bind(3, row)
            try delete.run()
        }
        for term in terms where !stored.contains(term.bytes) {
            try insertTerm(term, owner, row)
        }
    }

    func replaceUniques(with terms: [TermKey], _ row: Int64) throws(DriverFailure) {
        let list = try statement(.listUniques)
        list.bind(1, row)
        let stored = try keys(list)
        let wanted = Set(terms.map(\.bytes))
        for key in stored where !wanted.contains(key) {
            let delete = try statement(.deleteUnique)
            delete.bind(1, copying: key)
            try delete.run()
        }
        for term in terms where !stored.contains(term.bytes) { try insertUnique(term, row) }
    }

    private func keys(_ statement: Statement) throws(DriverFailure) -> Set<[UInt8]> {
        defer { statement.reset() }
        var keys: Set<[UInt8]> = []
        while try statement.step() { keys.insert(Array(statement.bytes(0))) }
        return keys
    }
}
