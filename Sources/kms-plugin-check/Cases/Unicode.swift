extension Catalogue {
    static let unicode: [Case] = [
        Case(
            "apply.unicode", "texts in writes and conditions are bytes: they are kept and compared"
        ) { test in
            let database = try test.database()
            for name in names {
                let term = Term(name, .text(name), isUnique: true)
                let object = Object(name, owner: name, revision: 1, tags: [name], terms: [term])
                try database.write(.create(object), .grant(name, to: name, 5))
                test.expect(try database.get(name, who: [name]), equals: object, rights: 5)
                test.expect(try database.outcome(.check(name).ifOwner(name)), .ok, shown(name))
                test.expect(
                    try database.outcome(.check(name).ifOwner(name + " ")), .conflict, shown(name))
                test.expect(
                    try database.outcome(.create(Object(name + "2", terms: [term]))), .exists,
                    "unique term \(shown(name))")
                test.expect(try database.outcome(.revoke(name, from: name, 4)), .ok)
                test.expect(try database.get(name, who: [name]).rights, 1, shown(name))
            }
            test.expect(try database.uids(Query()).count, names.count)
        },
        Case("query.unicode", "texts in filters are bytes: no folding, no trimming, no patterns") {
            test in
            let database = try written(test)
            for name in names {
                let filters: [(String, Filter)] = [
                    ("uid", .uid(name)), ("owner", .owner(name)), ("tag", .tag(name)),
                    ("value", .equal("P", .text(name))), ("path", .hasPath("P" + name)),
                    ("prefix", .all([.prefix("P", .text(name)), .uid(name)])),
                ]
                for (what, filter) in filters {
                    let page = try database.query(Query(filter))
                    test.check(
                        page.isInexact ? page.uids.contains(name) : page.uids == [name],
                        "\(what) \(shown(name)) finds \(page.uids.map(shown))")
                }
                test.expect(
                    try database.uids(Query(who: [name], flags: .owned)), [name],
                    "owned by \(shown(name))")
                test.expect(
                    try database.uids(Query(who: [name], flags: .granted)), ["all"],
                    "granted to \(shown(name))")
            }
        },
        Case("grants.unicode", "uids and names are bytes, in what is asked and what is answered") {
            test in
            let database = try written(test)
            for name in names {
                let wanted = Grant(
                    uid: "all", user: name, owner: "root", rights: 1, state: 1, type: 2)
                test.expect(
                    try database.grants(GrantsQuery(who: [name])).items, [wanted], shown(name))
            }
            test.expect(
                Set(try database.grants(GrantsQuery(uid: "all")).items.map(\.user)), Set(names))
            for name in names { try database.write(.grant("\(name)!", to: "bob", 2)) }
            for name in names {
                test.expect(
                    try database.grants(GrantsQuery(uid: "\(name)!")).items.map(\.uid),
                    ["\(name)!"], shown(name))
            }
        },
        Case(
            "changes.unicode", "uids are bytes in what is told, too",
            needs: [.function(.changes)]
        ) { test in
            let database = try test.database()
            let token = try database.changes(since: []).token
            try database.write(names.map { .create(Object($0)) })
            var seen: Set<String> = []
            var next = token
            while seen.count < names.count {
                let changes = try database.soon.changes(since: next)
                if changes.uids.isEmpty { break }
                seen.formUnion(changes.uids)
                next = changes.token
            }
            test.expect(seen, Set(names))
        },
    ]

    /// What folds, trims, combines, ends or escapes somewhere. Swift compares strings by canonical
    /// equivalence, so no two of these are equivalent.
    private static let names = [
        "n", "N", "n ", " n", "n\t", "\u{F1}", "\u{DF}", "SS", "\u{131}", "\u{130}", "\u{FB01}",
        "\u{FF4E}", "n\u{200B}", "\u{FEFF}n", "n\u{AD}", "\u{202E}n", "\u{1F469}\u{200D}\u{1F4BB}",
        "\u{1F1E9}\u{1F1EA}", "\u{10FFFF}", "\u{E000}", "\u{7F}", "\u{1}", "n\r\n", "%", "_", "n%",
        "\\", "'", "''", "\"", "`", "$1", "?", ":n", "@n", "--", "/*", ";", "NULL", "{{n}}", "%s",
        "*n", "[n]", "\u{5D0}\u{5D1}", "\u{915}\u{94D}\u{937}", "\u{AC00}",
    ]

    private static func written(_ test: Test) throws -> Database {
        let database = try test.database()
        try database.write(
            names.map { name in
                .create(
                    Object(
                        name, owner: name, tags: [name],
                        terms: [Term("P", .text(name)), Term("P" + name, .integer(1))]))
            })
        try database.write([.create(Object("all", owner: "root"))])
        try database.write(names.map { .grant("all", to: $0, 1) })
        return database
    }

    private static func shown(_ name: String) -> String {
        name.unicodeScalars.map { $0.escaped(asASCII: true) }.joined()
    }
}
