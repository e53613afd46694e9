// What most cases do with one object.

extension Database {
    /// Reads one object.
    func get(
        _ uid: String, who: [String] = [], knownRevision: UInt64 = 0, parts: Parts = .all
    ) throws -> Found {
        let found = try get([Get(uid, who: who, knownRevision: knownRevision, parts: parts)])
        guard let item = found.items.first else {
            throw CallFailed(function: .get, status: .ok, message: "no item for \(uid)")
        }
        return item
    }

    /// Writes one batch, which must succeed.
    func write(_ writes: Write...) throws { try write(writes) }

    func write(_ writes: [Write]) throws {
        let outcomes = zip(writes, try apply(writes.map { $0.inBatch(0) }))
        guard let failed = outcomes.first(where: { $1.status != .ok }) else { return }
        let fault = outcomes.first { ![.ok, .aborted].contains($1.status) } ?? failed
        throw CallFailed(
            function: .apply, status: fault.1.status, flags: fault.1.flags,
            message: "writing \(fault.0.object.uid.prefix(40))")
    }

    /// The outcomes of one batch.
    func outcomes(_ writes: Write...) throws -> [Status] {
        try apply(writes.map { $0.inBatch(0) }).map(\.status)
    }

    /// The outcome of one write that is a batch of its own.
    func outcome(_ write: Write) throws -> Status {
        try apply([write]).first?.status ?? .internalError
    }

    /// Every uid that a query finds, page after page. Stops at a page that never ends.
    func uids(_ query: Query, pagesMax: Int = 100_000) throws -> [String] {
        var query = query
        var uids: [String] = []
        for _ in 0..<pagesMax {
            let page = try self.query(query)
            uids += page.uids
            if page.cursor.isEmpty { return uids }
            query.cursor = page.cursor
            query.skip = 0
        }
        throw CallFailed(function: .query, status: .ok, message: "its pages do not end")
    }
}

extension Test {
    /// Notes what differs between an object as it was written and as it was read.
    func expect(
        _ found: Found, equals object: Object, parts: Parts = .all, rights: UInt64 = 0,
        _ file: StaticString = #fileID, _ line: UInt = #line
    ) {
        expect(found.status, .ok, "status of \(object.uid.prefix(40))", file, line)
        expect(found.uid, object.uid, "uid", file, line)
        expect(found.owner, object.owner, "owner", file, line)
        expect(found.type, object.type, "type", file, line)
        expect(found.state, object.state, "state", file, line)
        expect(found.revision, object.revision, "revision", file, line)
        expect(found.rights, rights, "rights", file, line)
        expect(found.flags, 0, "flags", file, line)
        expect(found.object, parts.contains(.object) ? object.object : [], "object", file, line)
        expect(
            found.attributes, parts.contains(.attributes) ? object.attributes : [], "attributes",
            file, line)
        expect(
            found.tags.sorted(), parts.contains(.tags) ? object.tags.sorted() : [], "tags", file,
            line)
    }
}
