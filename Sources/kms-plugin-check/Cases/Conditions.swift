extension Catalogue {
    static let conditions: [Case] = [
        Case("apply.if.present", "a condition on an object that is not there is KMS_NOT_FOUND") {
            test in
            let database = try test.database()
            try database.write(.grant("k", to: "bob", 1))
            let writes: [(String, Write)] = [
                ("grant if present", .grant("k", to: "eve", 1).ifPresent),
                ("revoke if present", .revoke("k", from: "bob", 1).ifPresent),
                ("delete if present", .delete("k").ifPresent),
                ("check", .check("k")),
                ("grant if owner", .grant("k", to: "eve", 1).ifOwner("ann")),
                ("grant if nobody owns it", .grant("k", to: "eve", 1).ifOwner("")),
                ("delete if revision", .delete("k").ifRevision(1)),
                ("check if revision", .check("k").ifRevision(1)),
            ]
            for (name, write) in writes {
                test.expect(try database.outcome(write), .notFound, name)
            }
            test.expect(
                try database.grants(GrantsQuery(uid: "k")).items.map(\.user), ["bob"],
                "grants afterwards")
        },
        Case("apply.if.holds", "a condition that holds lets the write pass") { test in
            let database = try test.database()
            try database.write(.create(Object("a", owner: "ann", revision: 9)))
            let writes: [(String, Write)] = [
                ("check", .check("a")),
                ("check if present", .check("a").ifPresent),
                ("check if revision", .check("a").ifRevision(9)),
                ("check if owner", .check("a").ifOwner("ann")),
                ("check all", .check("a").ifPresent.ifRevision(9).ifOwner("ann")),
                ("grant if owner", .grant("a", to: "bob", 3).ifOwner("ann")),
                ("revoke if revision", .revoke("a", from: "bob", 1).ifRevision(9)),
                (
                    "update if revision and owner",
                    .update(Object("a", state: 4, revision: 10), .state).ifRevision(9).ifOwner(
                        "ann")
                ),
                ("delete if all", .delete("a").ifPresent.ifRevision(10).ifOwner("ann")),
            ]
            for (name, write) in writes { test.expect(try database.outcome(write), .ok, name) }
            test.expect(try database.get("a").status, .notFound)
        },
        Case(
            "apply.if.conflict",
            "a condition that does not hold is KMS_CONFLICT; nothing is written"
        ) {
            test in
            let database = try test.database()
            let object = Object("a", owner: "ann", revision: 9)
            try database.write(.create(object), .grant("a", to: "bob", 1))
            let new = Object("a", owner: "ann", state: 4, revision: 10)
            let writes: [(String, Write)] = [
                ("check if revision", .check("a").ifRevision(8)),
                ("check if revision 0", .check("a").ifRevision(0)),
                ("check if owner", .check("a").ifOwner("Ann")),
                ("check if nobody", .check("a").ifOwner("")),
                ("check if one of two", .check("a").ifRevision(9).ifOwner("bob")),
                ("check if the other of two", .check("a").ifRevision(8).ifOwner("ann")),
                ("update if revision", .update(new, .state).ifRevision(8)),
                ("update if owner", .update(new, .state).ifOwner("bob")),
                ("grant if owner", .grant("a", to: "eve", 1).ifOwner("bob")),
                ("revoke if owner", .revoke("a", from: "bob", 1).ifOwner("bob")),
                ("delete if revision", .delete("a").ifRevision(8)),
            ]
            for (name, write) in writes {
                test.expect(try database.outcome(write), .conflict, name)
            }
            test.expect(try database.get("a", who: ["bob"]), equals: object, rights: 1)
            test.expect(try database.grants(GrantsQuery(uid: "a")).items.count, 1)
        },
        Case(
            "apply.if.nobody", "an object of nobody has the empty owner, which a condition may name"
        ) {
            test in
            let database = try test.database()
            try database.write(.create(Object("a", owner: "")))
            test.expect(try database.outcome(.check("a").ifOwner("")), .ok)
            test.expect(try database.outcome(.check("a").ifOwner("ann")), .conflict)
        },
        Case("apply.if.race", "of two updates that expect one revision, one wins", patience: 2) {
            test in
            let database = try test.database()
            try database.write(.create(Object("a", revision: 1)))
            for round in 1...UInt64(test.rounds(20)) {
                let wins = Counter()
                try onThreads(4) { index in
                    let new = Object("a", state: UInt32(index), revision: round + 1)
                    let status = try database.outcome(.update(new, .state).ifRevision(round))
                    if status == .ok { wins.add() } else { test.expect(status, .conflict) }
                }
                test.expect(wins.value, 1, "winners of round \(round)")
            }
        },
    ]
}
