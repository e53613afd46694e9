/// Batches that build on each other: the number of the last one that was committed tells all that the
/// database holds. Its head object keeps that number as its revision.
struct Chain: Codable, Sendable {
    let name: String

    private var head: String { "\(name)-head" }
    private static let user = "bob"

    private func object(_ kind: String, _ number: UInt64) -> Object {
        Object(
            "\(name)-\(kind)-\(number)", revision: number,
            object: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 700),
            attributes: [UInt8](repeating: UInt8(truncatingIfNeeded: number &+ 1), count: 90),
            tags: [name], terms: [Term("Number", .integer(Int64(clamping: number)))])
    }

    /// The writes of a batch, from number 1: it raises the head, adds an object that stays, with a
    /// grant, and one that the next batch deletes.
    func batch(_ number: UInt64) -> [Write] {
        let head = Object(head, revision: number, tags: [name])
        let stays = object("stays", number)
        let writes: [Write] = [
            .create(stays), .create(object("goes", number)),
            .grant(stays.uid, to: Self.user, number),
        ]
        guard number > 1 else { return [.create(head)] + writes }
        return [.update(head, .state).ifRevision(number - 1)] + writes
            + [.delete(object("goes", number - 1).uid)]
    }

    /// The number of the last batch that was committed; 0: none.
    func last(in database: Database) throws -> UInt64 {
        let found = try database.get(head, parts: [])
        return found.status == .ok ? found.revision : 0
    }

    /// Notes what is not as it must be after the batch with this number and no later one.
    func check(_ database: Database, after last: UInt64, _ test: Test) throws {
        let stays = last == 0 ? [] : (1...last).map { object("stays", $0) }
        let goes = last == 0 ? [] : [object("goes", last)]
        for object in stays + goes {
            let isGranted = stays.contains { $0.uid == object.uid }
            test.expect(
                try database.get(object.uid, who: [Self.user]), equals: object,
                rights: isGranted ? object.revision : 0)
            test.expect(
                try database.uids(
                    Query(.all([.tag(name), .equal("Number", .integer(Int64(object.revision)))]))
                ).contains(object.uid), true, "is \(object.uid) found by its term")
        }
        for gone in [
            object("goes", last &- 1), object("stays", last + 1), object("goes", last + 1),
        ]
        where last > 0 || gone.revision == 1 {
            let found = try database.get(gone.uid, who: [Self.user])
            test.expect(found.status, .notFound, "\(gone.uid), after batch \(last)")
            test.expect(found.rights, 0, "rights on \(gone.uid), after batch \(last)")
        }
        let all = (last == 0 ? [] : [head]) + (stays + goes).map(\.uid)
        test.expect(
            try database.uids(Query(.tag(name))).sorted(), all.sorted(),
            "what is found by its tag after batch \(last)")
    }
}
