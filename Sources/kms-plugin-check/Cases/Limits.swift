extension Catalogue {
    static let limits: [Case] = [
        Case("apply.limit.object", "object and attributes may share 16 MiB in any way", patience: 3)
        {
            test in
            let database = try test.database()
            let most = 1 << 24
            var object = Object("a", object: [1], tags: ["t"])
            try database.write(.create(object))
            for size in [most, most - 1, 0] {
                object.object = [UInt8](repeating: 0x11, count: size)
                object.attributes = [UInt8](repeating: 0x22, count: most - size)
                object.revision += 1
                try database.write(.update(object, [.object, .attributes]))
                let found = try database.get("a")
                test.expect(found.status, .ok, "with an object of \(size) bytes")
                test.check(
                    found.object == object.object && found.attributes == object.attributes,
                    "an object of \(size) bytes and as many attributes as fit come back otherwise: "
                        + "\(found.object.count) and \(found.attributes.count)")
            }
            let page = try database.query(Query(.tag("t"), parts: .all))
            test.expect(page.items.first?.attributes.count, most, "found by query")
        },
        Case("apply.limit.call", "takes 2000 writes of one call in batches of 100", patience: 3) {
            test in
            let database = try test.database()
            var writes = (0..<2000).map { index in
                Write.create(Object("n\(index)")).inBatch(UInt32(index / 100))
            }
            writes[1050] = .check("none").inBatch(10)
            let written = try database.apply(writes)
            for (index, item) in written.enumerated() {
                let wanted: Status =
                    index == 1050 ? .notFound : index / 100 == 10 ? .aborted : .ok
                test.expect(item.status, wanted, "write \(index)")
            }
            test.expect(try database.uids(Query()).count, 1900)
        },
        Case("query.limit.who", "takes 64 names in who, each of 255 bytes") { test in
            let database = try test.database()
            let names = maximalNames(64)
            try database.write((0..<64).map { .create(Object("w\($0)", owner: names[$0])) })
            try database.write((1..<64).map { .grant("w\($0)", to: names[$0], 1 << UInt64($0)) })
            let page = try database.query(Query(who: names, flags: .count))
            test.expect(page.total, 64)
            for item in page.items {
                let number = UInt64(item.uid.dropFirst()) ?? 0
                test.expect(item.rights, number == 0 ? 0 : 1 << number, "rights on \(item.uid)")
            }
            test.expect(try database.uids(Query(who: names, limit: 7)).count, 64, "in pages")
            test.expect(try database.uids(Query(who: names, flags: .granted)).count, 63)
        },
        Case("grants.limit.who", "takes 64 names in who, each of 255 bytes") { test in
            let database = try test.database()
            let names = maximalNames(65)
            try database.write(names.map { .grant("u", to: $0, 1) })
            let asked = Array(names.prefix(64))
            let found = try database.grants(GrantsQuery(uid: "u", who: asked)).items
            test.expect(found.map(\.user).sorted(), asked.sorted(), "grants on u")
            test.expect(try database.grants(GrantsQuery(who: asked)).items.count, 64)
        },
        Case("apply.limit.grants", "takes 1000 grants on one object") { test in
            let database = try test.database()
            try database.write(.create(Object("a")))
            for start in stride(from: 0, to: 1000, by: 100) {
                try database.write((start..<start + 100).map { .grant("a", to: "n\($0)", 2) })
            }
            test.expect(try database.grants(GrantsQuery(uid: "a")).items.count, 1000)
            test.expect(try database.get("a", who: ["none", "n999", "n0"]).rights, 2)
            try database.write(.delete("a"))
            test.expect(try database.grants(GrantsQuery(uid: "a")).items.count, 0)
        },
        Case(
            "lifecycle.concurrency.one",
            "a handle for one call at a time serves all calls, from any thread", patience: 2
        ) { test in
            let database = try test.database(concurrency: 1)
            for round in 0..<10 {
                try Background {
                    try database.write(.create(Object("a\(round)", tags: ["t"])))
                    test.expect(try database.get("a\(round)").status, .ok)
                    test.expect(try database.uids(Query(.tag("t"))).count, round + 1)
                    _ = try database.grants(GrantsQuery())
                    try database.health()
                    test.expect(try database.context().state, .ready)
                }.join()
            }
        },
        Case(
            "lifecycle.concurrency.changes",
            "a changes call that waits is not counted: the one other call goes on",
            needs: [.function(.changes)], patience: 2
        ) { test in
            let database = try test.database(concurrency: 1)
            let token = try database.changes(since: []).token
            let hasBegun = Counter()
            let waiting = Background {
                hasBegun.add()
                return try database.changes(since: token)
            }
            var rounds = 0
            // Some rounds more than it takes a thread to start and to call.
            while rounds < 50 {
                test.expect(try database.soon.get("a").status, .notFound)
                test.expect(try database.soon.uids(Query()), [])
                try database.soon.health()
                if hasBegun.value > 0 { rounds += 1 }
            }
            try database.soon.write(.create(Object("a")))
            test.expect(Set(try waiting.join().uids), ["a"])
        },
        Case("lifecycle.concurrency.many", "as many calls as were agreed are in flight at once") {
            test in
            let database = try test.database(concurrency: 32)
            try database.write((0..<32).map { .create(Object("c\($0)", object: [UInt8($0)])) })
            try onThreads(32) { index in
                for _ in 0..<test.rounds(2) * 5 {
                    test.expect(try database.get("c\(index)").object, [UInt8(index)])
                    test.expect(try database.uids(Query(.uid("c\(index)"))), ["c\(index)"])
                }
            }
        },
    ]

    private static func maximalNames(_ count: Int) -> [String] {
        (0..<count).map { String(repeating: "n", count: 252) + String(100 + $0) }
    }
}
