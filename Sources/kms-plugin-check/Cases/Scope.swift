extension Catalogue {
    static let scopes: [Case] = [
        Case("query.rights.owned", "what the first name owns needs no grant: rights leave it alone")
        { test in
            let database = try test.database()
            try database.write(
                .create(Object("mine", owner: "ann")), .create(Object("given", owner: "ann")),
                .create(Object("theirs", owner: "bob")), .grant("given", to: "ann", 1),
                .grant("theirs", to: "ann", 3))
            let views: [(String, UInt64, Query.Flags, [String])] = [
                ("owned, no such right", 8, .owned, ["given", "mine"]),
                ("owned, a right that is granted", 1, .owned, ["given", "mine"]),
                ("any, no such right", 8, [], ["given", "mine"]),
                ("any, a right of another's", 2, [], ["given", "mine", "theirs"]),
                ("granted, no such right", 8, .granted, []),
                ("granted, a right of another's", 2, .granted, ["theirs"]),
                ("both, which no object can be", 0, [.owned, .granted], []),
            ]
            for (name, rights, flags, wanted) in views {
                let query = Query(who: ["ann"], rights: rights, flags: flags.union(.count))
                let page = try database.query(query)
                test.expect(page.uids.sorted(), wanted, name)
                test.expect(page.total, Int64(wanted.count), "total: \(name)")
            }
            let given = try database.query(Query(.uid("given"), who: ["ann"], rights: 8)).items
            test.expect(given.map(\.rights), [1], "all rights are told, not only those asked for")
        },
        Case("query.rights.everything", "without who every object is shown, whatever the rights") {
            test in
            let database = try test.database()
            try database.write(
                .create(Object("a", owner: "ann")), .create(Object("b", owner: "")),
                .grant("a", to: "bob", 1))
            for rights in [0, 1, 8, .max] as [UInt64] {
                let page = try database.query(Query(rights: rights, flags: .count))
                test.expect(page.uids.sorted(), ["a", "b"], "rights \(rights)")
                test.expect(page.items.map(\.rights), [0, 0], "rights of nobody")
            }
        },
        Case("query.invalid", "OWNED or GRANTED without who, and a limit out of range: KMS_INVALID")
        {
            test in
            let database = try test.database()
            try database.write(.create(Object("a")))
            let queries: [(String, Query)] = [
                ("OWNED without who", Query(flags: .owned)),
                ("GRANTED without who", Query(flags: .granted)),
                ("limit 0", Query(limit: 0)), ("limit 1001", Query(limit: 1001)),
                ("the largest limit", Query(limit: .max)),
            ]
            for (name, query) in queries {
                try test.expectFailure(.invalid, of: name) { _ = try database.query(query) }
            }
            for limit in [0, 1001, .max] as [UInt32] {
                try test.expectFailure(.invalid, of: "grants with limit \(limit)") {
                    _ = try database.grants(GrantsQuery(limit: limit))
                }
            }
        },
    ]
}
