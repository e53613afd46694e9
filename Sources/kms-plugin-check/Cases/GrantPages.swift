extension Catalogue {
    static let granting: [Case] = [
        Case("grants.of-uid", "lists who may do what with a uid, with its owner, state and type") {
            test in
            let database = try test.database()
            try database.write(
                .create(Object("a", owner: "ann", type: 7, state: 3)), .create(Object("b")),
                .grant("a", to: "bob", 1), .grant("a", to: "*", .max), .grant("b", to: "bob", 2))
            let grants = try database.grants(GrantsQuery(uid: "a"))
            test.expect(
                Set(grants.items),
                [
                    Grant(uid: "a", user: "bob", owner: "ann", rights: 1, state: 3, type: 7),
                    Grant(uid: "a", user: "*", owner: "ann", rights: .max, state: 3, type: 7),
                ])
            test.expect(grants.cursor, [])
        },
        Case("grants.of-who", "lists the grants to exactly these names") { test in
            let database = try granted(test)
            let views: [([String], [String])] = [
                ([], ["a/*", "a/bob", "b/bob", "k/eve"]), (["bob"], ["a/bob", "b/bob"]),
                (["bob", "eve"], ["a/bob", "b/bob", "k/eve"]), (["*"], ["a/*"]), (["ann"], []),
                (["Bob"], []),
            ]
            for (who, wanted) in views {
                test.expect(try pairs(database, GrantsQuery(who: who)), wanted, "to \(who)")
                test.expect(
                    try pairs(database, GrantsQuery(uid: "a", who: who)),
                    wanted.filter { $0.hasPrefix("a/") }, "on a to \(who)")
            }
        },
        Case("grants.objectless", "a grant without object has no owner, state 0 and type 0") {
            test in
            let database = try granted(test)
            test.expect(
                try database.grants(GrantsQuery(uid: "k")).items,
                [Grant(uid: "k", user: "eve", owner: "", rights: 4, state: 0, type: 0)])
        },
        Case("grants.none", "no grants are an empty page without a cursor") { test in
            let grants = try test.database().grants(GrantsQuery(uid: "a", who: ["bob"]))
            test.check(grants.items.isEmpty && grants.cursor.isEmpty, "nothing is there")
        },
        Case("grants.pages", "pages of every size return each grant once, in one order") { test in
            let database = try test.database()
            try database.write((0..<60).map { .grant("u\($0 % 7)", to: "n\($0)", UInt64($0 + 1)) })
            let order = try all(database, GrantsQuery())
            test.expect(Set(order).count, 60)
            for limit in [1, 7, 59, 60, 61] as [UInt32] {
                test.expect(
                    try all(database, GrantsQuery(limit: limit)), order, "pages of \(limit)")
            }
        },
        Case("grants.cursor.stable", "a grant that is there throughout is returned exactly once") {
            test in
            let database = try test.database()
            try database.write((0..<40).map { .grant("u\($0 % 5)", to: "n\($0)", 1) })
            var query = GrantsQuery(limit: 6)
            var seen: [String] = []
            for round in 0..<100 {
                let page = try database.grants(query)
                seen += page.items.map(\.user)
                if page.cursor.isEmpty { break }
                query.cursor = page.cursor
                try database.write(
                    .grant("u0", to: "a\(round)", 1), .grant("zz", to: "z\(round)", 1),
                    .grant("u\(round % 5)", to: "n\(round % 40)", 2))
            }
            let wanted = (0..<40).map { "n\($0)" }
            test.expect(
                wanted.map { user in seen.count { $0 == user } }.filter { $0 != 1 }, [],
                "how often each came, save once")
        },
        Case("grants.cursor.maximal", "cursors serve uids and users of the largest size") { test in
            let database = try test.database()
            let names = (0..<5).map { String(repeating: "n", count: 254) + "\($0)" }
            try database.write(names.flatMap { uid in names.map { .grant(uid, to: $0, 1) } })
            for query in [
                GrantsQuery(limit: 2), GrantsQuery(who: names, limit: 2),
                GrantsQuery(uid: names[0], who: names, limit: 2),
            ] {
                let wanted = query.uid.isEmpty ? 25 : 5
                test.expect(Set(try all(database, query)).count, wanted, "grants on all pages")
            }
        },
        Case("grants.cursor.forged", "a cursor that is not the driver's is KMS_INVALID") { test in
            let database = try test.database()
            try database.write((0..<10).map { .grant("u", to: "n\($0)", 1) })
            let cursor = try database.grants(GrantsQuery(limit: 4)).cursor
            let forged: [(String, [UInt8])] = [
                ("one byte", [0]), ("the longest", [UInt8](repeating: 0xAA, count: 512)),
                ("cut short", Array(cursor.dropLast())), ("with a byte more", cursor + [0]),
            ]
            for (name, bytes) in forged where !bytes.isEmpty {
                try test.expectFailure(.invalid, of: name) {
                    _ = try database.grants(GrantsQuery(cursor: bytes, limit: 4))
                }
            }
        },
        Case("grants.late", "a deadline that has passed is KMS_DEADLINE") { test in
            let database = try test.database()
            try test.expectFailure(.deadline) { _ = try database.late.grants(GrantsQuery()) }
        },
        Case(
            "grants.inline", "an inline call answers as any other, or KMS_WOULD_BLOCK",
            needs: [.quick(.grants)]
        ) { test in
            let database = try granted(test)
            do {
                test.expect(try database.inline.grants(GrantsQuery()).items.count, 4)
            } catch let failure as CallFailed where failure.status == .wouldBlock {}
        },
    ]

    /// Grants on two objects, and on a uid that has none.
    private static func granted(_ test: Test) throws -> Database {
        let database = try test.database()
        try database.write(
            .create(Object("a", owner: "ann")), .create(Object("b", owner: "ann")),
            .grant("a", to: "bob", 1), .grant("a", to: "*", 2), .grant("b", to: "bob", 3),
            .grant("k", to: "eve", 4))
        return database
    }

    private static func pairs(_ database: Database, _ query: GrantsQuery) throws -> [String] {
        try database.grants(query).items.map { "\($0.uid)/\($0.user)" }.sorted()
    }

    private static func all(_ database: Database, _ query: GrantsQuery) throws -> [Grant] {
        var query = query
        var grants: [Grant] = []
        for _ in 0..<1000 {
            let page = try database.grants(query)
            grants += page.items
            if page.cursor.isEmpty { break }
            query.cursor = page.cursor
        }
        return grants
    }
}
