extension Catalogue {
    static let visibility: [Case] = [
        Case("query.who", "shows what the names in who own or were granted") { test in
            let database = try visible(test)
            let views: [(String, Query, [String])] = [
                (
                    "everything", Query(),
                    ["group's", "mine", "nobody's", "public", "shared", "theirs"]
                ),
                ("ann", Query(who: ["ann"]), ["mine"]),
                ("ann and *", Query(who: ["ann", "*"]), ["mine", "public"]),
                (
                    "bob, * and group", Query(who: ["bob", "*", "group"]),
                    ["group's", "public", "shared", "theirs"]
                ),
                ("a stranger", Query(who: ["eve"]), []),
                ("a stranger and *", Query(who: ["eve", "*"]), ["public"]),
                ("only the first may own", Query(who: ["eve", "ann"]), []),
                ("an empty name owns nothing", Query(who: [""]), []),
                ("an empty name and *", Query(who: ["", "*"]), ["public"]),
                ("another case", Query(who: ["Ann"]), []),
            ]
            for (name, query, wanted) in views {
                test.expect(try database.uids(query).sorted(), wanted, name)
                var paged = query
                paged.limit = 1
                test.expect(try database.uids(paged).sorted(), wanted, "\(name), one by one")
            }
        },
        Case("query.rights", "items carry all rights of who; a mask asks for at least one of them")
        {
            test in
            let database = try visible(test)
            let page = try database.query(Query(who: ["bob", "*", "group"]))
            let rights = Dictionary(page.items.map { ($0.uid, $0.rights) }) { first, _ in first }
            test.expect(
                rights, ["group's": 1 << 63, "public": 2, "shared": 5, "theirs": 0], "rights")
            let masks: [(UInt64, [String])] = [
                (1, ["shared"]), (2, ["public"]), (4, ["shared"]), (6, ["public", "shared"]),
                (8, []), (1 << 63, ["group's"]), (.max, ["group's", "public", "shared"]),
            ]
            for (mask, wanted) in masks {
                let query = Query(who: ["bob", "*", "group"], rights: mask, flags: .granted)
                test.expect(try database.uids(query).sorted(), wanted, "granted with \(mask)")
            }
        },
        Case("query.owned", "OWNED shows what the first name owns, GRANTED what it does not") {
            test in
            let database = try visible(test)
            let views: [(String, [String], Query.Flags, [String])] = [
                ("owned by ann", ["ann", "*"], .owned, ["mine"]),
                ("owned by bob", ["bob", "*", "group"], .owned, ["theirs"]),
                ("owned by the second", ["eve", "ann"], .owned, []),
                (
                    "granted to bob", ["bob", "*", "group"], .granted,
                    ["group's", "public", "shared"]
                ),
                ("granted to ann", ["ann", "*"], .granted, ["public"]),
                ("granted to eve", ["eve"], .granted, []),
            ]
            for (name, who, flags, wanted) in views {
                test.expect(try database.uids(Query(who: who, flags: flags)).sorted(), wanted, name)
            }
            try database.write(.grant("mine", to: "ann", 1))
            test.expect(
                try database.uids(Query(who: ["ann"], flags: .granted)), [],
                "what ann owns and was granted too")
            test.expect(try database.uids(Query(who: ["ann"])), ["mine"], "only once")
        },
        Case("query.who.objectless", "rights on a uid without object show no object") { test in
            let database = try test.database()
            try database.write(.grant("k", to: "bob", 1))
            test.expect(try database.uids(Query(who: ["bob"])), [])
        },
        Case("query.who.filtered", "filters, pages and counts apply to what may be seen") { test in
            let database = try test.database()
            try database.write(
                (0..<30).map { number in
                    .create(
                        Object(
                            "v\(number)", owner: number % 3 == 0 ? "ann" : "bob",
                            tags: [number < 20 ? "in" : "out"]))
                })
            let query = Query(.tag("in"), who: ["ann"], limit: 2, flags: .count)
            test.expect(try database.query(query).total, 7)
            test.expect(
                try database.uids(query).sorted(),
                (0..<20).filter { $0 % 3 == 0 }.map { "v\($0)" }.sorted())
        },
        Case("query.who.several-grants", "several grants on one object show it once") { test in
            let database = try test.database()
            try database.write(
                .create(Object("a")), .grant("a", to: "bob", 1), .grant("a", to: "*", 2),
                .grant("a", to: "g1", 4), .grant("a", to: "g2", 8))
            let page = try database.query(Query(who: ["bob", "*", "g1", "g2"], flags: .count))
            test.expect(page.uids, ["a"])
            test.expect(page.total, 1)
            test.expect(page.items.first?.rights, 15)
        },
        Case("query.who.revoked", "what was revoked is seen no more") { test in
            let database = try test.database()
            try database.write(.create(Object("a")), .grant("a", to: "bob", 3))
            try database.write(.revoke("a", from: "bob", 1))
            test.expect(try database.uids(Query(who: ["bob"])), ["a"])
            try database.write(.revoke("a", from: "bob", 2))
            test.expect(try database.uids(Query(who: ["bob"])), [])
        },
    ]

    private static func visible(_ test: Test) throws -> Database {
        let database = try test.database()
        try database.write(
            .create(Object("mine", owner: "ann")), .create(Object("theirs", owner: "bob")),
            .create(Object("public", owner: "carol")), .create(Object("shared", owner: "carol")),
            .create(Object("group's", owner: "carol")), .create(Object("nobody's", owner: "")),
            .grant("public", to: "*", 2), .grant("shared", to: "bob", 5),
            .grant("group's", to: "group", 1 << 63))
        return database
    }
}
