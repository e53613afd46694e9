extension Catalogue {
    static let readingOnly: [Case] = [
        Case(
            "lifecycle.readonly", "a handle that is read-only answers query, grants and statistics"
        ) { test in
            let database = try test.database()
            let object = Object("a", object: [1], tags: ["t"])
            try database.write(.create(object), .grant("a", to: "bob", 3))
            let reader = try test.open(.readOnly)
            let page = try reader.query(Query(.tag("t"), parts: .all, who: ["bob"], flags: .count))
            guard let found = page.items.first else { return test.fail("nothing was found") }
            test.expect(found, equals: object, rights: 3)
            test.expect(page.total, 1)
            test.expect(try reader.grants(GrantsQuery(uid: "a")).items.map(\.user), ["bob"])
            test.expect(try reader.context().state, .ready)
            if test.driver.lacks(.function(.statistics)) == nil { _ = try reader.statistics() }
            if test.driver.lacks(.function(.plan)) == nil { test.expect(try reader.plan(), []) }
        },
        Case(
            "lifecycle.readonly.changes", "a handle that is read-only is told what others change",
            needs: [.function(.changes)]
        ) { test in
            let database = try test.database()
            let reader = try test.open(.readOnly)
            let token = try reader.changes(since: []).token
            try database.write(.create(Object("a")))
            test.expect(Set(try reader.soon.changes(since: token).uids), ["a"])
            test.expect(try reader.get("a").status, .ok)
        },
        Case(
            "lifecycle.readonly.empty",
            "what nobody migrated is EMPTY for a handle that is read-only, and stays so",
            needs: [.emptyDatabase]
        ) { test in
            let writer = try test.open()
            test.expect(try writer.context().state, .empty)
            try expectEmpty(test)
            test.expect(try writer.context().state, .empty, "afterwards")
            try writer.migrate()
            test.expect(try test.open(.readOnly).get("a").status, .notFound)
        },
        Case(
            "lifecycle.readonly.missing",
            "where nothing is, a read-only open makes nothing: it fails, or finds it EMPTY",
            needs: [.emptyDatabase]
        ) { test in
            do {
                try expectEmpty(test)
            } catch let failure as CallFailed where failure.function == .open {
                test.check(
                    [.unavailable, .notFound].contains(failure.status),
                    "\(failure): expected KMS_UNAVAILABLE or KMS_NOT_FOUND")
            }
            let database = try test.open()
            test.expect(try database.context().state, .empty, "afterwards")
        },
    ]

    private static func expectEmpty(_ test: Test) throws {
        let reader = try test.open(.readOnly)
        test.expect(try reader.context().state, .empty)
        try refusesEverything(reader, test, byWrites: .unavailable)
        try test.expectFailure(.unavailable) { try reader.migrate() }
        try test.expectFailure(.unavailable) { try reader.clear(force: true) }
    }
}
