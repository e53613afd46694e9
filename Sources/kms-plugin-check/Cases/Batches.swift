extension Catalogue {
    static let batches: [Case] = [
        Case("apply.batch.atomic", "a batch with a write at fault is rolled back as a whole") {
            test in
            let database = try test.database()
            let kept = Object("kept", object: [1], tags: ["t"])
            try database.write(.create(kept), .grant("kept", to: "bob", 1))
            for position in 0..<5 {
                var writes: [Write] = [
                    .create(Object("new")), .update(Object("kept", object: [9]), .all),
                    .grant("kept", to: "eve", 1), .delete("kept"),
                ]
                writes.insert(.check("missing"), at: position)
                let outcomes = try database.apply(writes).map(\.status)
                test.expect(outcomes[position], .notFound, "item at fault, at \(position)")
                for (index, status) in outcomes.enumerated() where index != position {
                    test.expect(status, .aborted, "item \(index) beside a fault at \(position)")
                }
                test.expect(try database.get("new").status, .notFound, "what was created")
                test.expect(
                    try database.get("kept", who: ["bob", "eve"]), equals: kept, rights: 1)
                test.expect(try database.uids(Query(.tag("t"))), ["kept"])
            }
        },
        Case("apply.batch.independent", "batches of one call stand alone") { test in
            let database = try test.database()
            let written = try database.apply([
                .create(Object("a")).inBatch(1), .create(Object("b")).inBatch(1),
                .create(Object("c")).inBatch(2), .check("none").inBatch(2),
                .create(Object("d")).inBatch(3),
            ])
            test.expect(written.map(\.status), [.ok, .ok, .aborted, .notFound, .ok])
            test.expect(try database.uids(Query()).sorted(), ["a", "b", "d"])
        },
        Case(
            "apply.batch.neighbours",
            "only neighbours are a batch: a number may come back for another"
        ) { test in
            let database = try test.database()
            let written = try database.apply([
                .create(Object("a")).inBatch(1), .check("none").inBatch(2),
                .create(Object("b")).inBatch(1), .check("none").inBatch(1),
            ])
            test.expect(written.map(\.status), [.ok, .notFound, .aborted, .notFound])
            test.expect(try database.uids(Query()), ["a"])
        },
        Case("apply.batch.order", "the writes of a batch run in order and see each other") { test in
            let database = try test.database()
            test.expect(
                try database.outcomes(
                    .create(Object("a", revision: 1)), .check("a").ifRevision(1),
                    .update(Object("a", state: 4, revision: 2), .state),
                    .check("a").ifRevision(2), .grant("a", to: "bob", 7),
                    .revoke("a", from: "bob", 2),
                    .delete("a"), .create(Object("a", state: 5, revision: 3)),
                    .grant("a", to: "bob", 8)),
                Array(repeating: .ok, count: 9))
            let found = try database.get("a", who: ["bob"])
            test.expect(found.revision, 3, "revision")
            test.expect(found.rights, 8, "rights")
            test.expect(
                try database.outcomes(.delete("a"), .check("a")), [.aborted, .notFound],
                "a check after a delete")
        },
        Case("apply.batch.maximal", "takes a batch of 100 writes, all or none") { test in
            let database = try test.database()
            let writes = (0..<100).map { Write.create(Object("b\($0)", tags: ["t"])) }
            var broken = writes
            broken[99] = .check("none")
            test.expect(
                try database.apply(broken).map(\.status),
                Array(repeating: .aborted, count: 99) + [.notFound])
            test.expect(try database.uids(Query()), [])
            try database.write(writes)
            test.expect(try database.uids(Query(.tag("t"))).count, 100)
        },
        Case("apply.batch.many", "takes 256 batches in one call, each with its own outcome") {
            test in
            let database = try test.database()
            let written = try database.apply(
                (0..<256).map { index in
                    let write = index % 3 == 0 ? Write.check("none") : .create(Object("m\(index)"))
                    return write.inBatch(UInt32(index))
                })
            for (index, item) in written.enumerated() {
                test.expect(item.status, index % 3 == 0 ? .notFound : .ok, "batch \(index)")
            }
            test.expect(try database.uids(Query()).count, 170)
        },
        Case("apply.batch.isolated", "nobody sees a part of a batch", patience: 2) { test in
            let database = try test.database()
            try database.write(.create(Object("a", revision: 1)), .create(Object("b", revision: 1)))
            let isDone = Counter()
            let reader = Background {
                while isDone.value == 0 {
                    let pair = try database.get([Get("a"), Get("b")]).items.map(\.revision)
                    test.check(Set(pair).count == 1, "one get saw a half-written batch: \(pair)")
                }
            }
            for revision in 2...UInt64(test.rounds(10) * 10) {
                try database.write(
                    .update(Object("a", revision: revision), .state),
                    .update(Object("b", revision: revision), .state))
            }
            isDone.add()
            try reader.join()
        },
        Case(
            "apply.durable", "what was acknowledged is there after close and open",
            needs: [.durable]
        ) {
            test in
            let database = try test.database()
            let object = Object("a", object: [1, 2], tags: ["t"], terms: [Term("T", .integer(5))])
            try database.write(.create(object), .grant("a", to: "bob", 3))
            database.close()
            let again = try test.open()
            test.expect(try again.get("a", who: ["bob"]), equals: object, rights: 3)
            test.expect(try again.uids(Query(.equal("T", .integer(5)))), ["a"])
        },
        Case("apply.shared", "a second handle sees what the first was told is written") { test in
            let first = try test.database()
            let second = try test.open()
            for round in 0..<20 {
                let object = Object("s\(round)", object: [UInt8(round)])
                try (round % 2 == 0 ? first : second).write(.create(object))
                let other = round % 2 == 0 ? second : first
                test.expect(try other.get(object.uid), equals: object)
            }
        },
        Case("apply.readonly", "a handle that is read-only reads, and writes are KMS_UNAVAILABLE") {
            test in
            let database = try test.database()
            let object = Object("a")
            try database.write(.create(object))
            let readOnly = try test.open(.readOnly)
            test.expect(try readOnly.get("a"), equals: object)
            try test.expectFailure(.unavailable) { _ = try readOnly.apply([.delete("a")]) }
            test.expect(try database.get("a"), equals: object)
        },
    ]
}
