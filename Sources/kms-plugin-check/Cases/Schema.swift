extension Catalogue {
    static let schema: [Case] = [
        Case(
            "schema.empty",
            "a new database is EMPTY: nothing is served, and migrate makes it READY",
            needs: [.emptyDatabase]
        ) { test in
            let database = try test.open()
            let before = try database.context()
            test.expect(before.state, .empty)
            test.expect(before.version, "", "version of no host")
            test.expect(before.schema, "", "schema of nothing")
            try refusesEverything(database, test)
            try database.health()
            _ = try? database.statistics()
            try database.migrate()
            let after = try database.context()
            test.expect(after.state, .ready)
            test.expect(after.version, KitHost.version, "version of the host")
            test.expect(after.schema, after.supported, "schema")
            test.check(!after.supported.isEmpty, "the driver supports some schema")
            test.check(!after.backend.isEmpty, "the backend has a name")
            test.expect(try database.get("a").status, .notFound)
        },
        Case("schema.migrate.again", "migrate changes nothing when the schema is READY") { test in
            let database = try test.database()
            let object = Object("a", object: [1])
            try database.write(.create(object), .grant("a", to: "bob", 1))
            try database.migrate()
            try test.open().migrate()
            test.expect(try database.get("a", who: ["bob"]), equals: object, rights: 1)
            test.expect(try database.context().state, .ready)
        },
        Case(
            "schema.migrate.race", "migrate by several at once makes one schema",
            needs: [.emptyDatabase]
        ) {
            test in
            let handles = try (0..<4).map { _ in try test.open() }
            try onThreads(4) { index in
                do {
                    try handles[index].migrate()
                } catch let failure as CallFailed where failure.status == .upgrading {}
            }
            test.expect(try handles[0].context().state, .ready)
            try handles[1].write(.create(Object("a")))
            test.expect(try handles[2].get("a").status, .ok)
        },
        Case(
            "schema.migrate.late", "a deadline that has passed is KMS_DEADLINE",
            needs: [.emptyDatabase]
        ) {
            test in
            let database = try test.open()
            try test.expectFailure(.deadline) { try database.late.migrate() }
            try test.expectFailure(.deadline) { _ = try database.late.context() }
            try database.migrate()
            test.expect(try database.context().state, .ready)
        },
        Case(
            "schema.migrate.readonly",
            "a handle that is read-only does not migrate: KMS_UNAVAILABLE"
        ) { test in
            _ = try test.database()
            try test.expectFailure(.unavailable) { try test.open(.readOnly).migrate() }
        },
        Case(
            "schema.plan", "lists what migrate would do, does none of it, and nothing when READY",
            needs: [.function(.plan), .emptyDatabase]
        ) { test in
            let database = try test.open()
            let plan = try database.plan()
            test.check(!plan.isEmpty, "an empty database needs something")
            test.check(plan.allSatisfy { !$0.isEmpty }, "no statement is empty")
            test.expect(try database.context().state, .empty, "after plan")
            test.expect(try database.plan(), plan, "the second time")
            try database.migrate()
            test.expect(try database.plan(), [], "when READY")
            try test.expectFailure(.deadline) { _ = try database.late.plan() }
        },
        Case("schema.clear", "deletes objects, tags, terms and grants; the schema stays") { test in
            let database = try test.database()
            let term = Term("Name", .text("n"), isUnique: true)
            let object = Object("a", object: [1], tags: ["t"], terms: [term])
            try database.write(.create(object), .grant("a", to: "bob", 1), .grant("k", to: "*", 2))
            try database.clear(force: true)
            test.expect(try database.get("a", who: ["bob"]).rights, 0)
            test.expect(try database.uids(Query()), [])
            test.expect(try database.grants(GrantsQuery()).items, [])
            test.expect(try database.context().state, .ready)
            try database.write(.create(object))
            test.expect(try database.uids(Query(.tag("t"))), ["a"])
        },
        Case("schema.clear.alone", "clears without force when nobody else is there") { test in
            let database = try test.database()
            try database.write(.create(Object("a")))
            try database.clear(force: false)
            test.expect(try database.get("a").status, .notFound)
        },
        Case("schema.clear.readonly", "a handle that is read-only clears nothing: KMS_UNAVAILABLE")
        {
            test in
            let database = try test.database()
            try database.write(.create(Object("a")))
            let readOnly = try test.open(.readOnly)
            try test.expectFailure(.unavailable) { try readOnly.clear(force: true) }
            test.expect(try database.get("a").status, .ok)
        },
        Case("schema.clear.late", "a deadline that has passed is KMS_DEADLINE; nothing is deleted")
        {
            test in
            let database = try test.database()
            try database.write(.create(Object("a")))
            try test.expectFailure(.deadline) { try database.late.clear(force: true) }
            test.expect(try database.get("a").status, .ok)
        },
        Case(
            "schema.behind",
            "a database of an older driver is BEHIND, serves nothing, and is migrated",
            needs: [.prepared(.behind)], patience: 3
        ) { test in
            let database = try test.prepared(.behind)
            test.expect(try database.context().state, .behind)
            try refusesEverything(database, test)
            try database.migrate()
            test.expect(try database.context().state, .ready)
            _ = try database.query(Query())
        },
        Case(
            "schema.upgrading",
            "an upgrade that was cut off is UPGRADING, serves nothing, and resumes",
            needs: [.prepared(.upgrading)], patience: 3
        ) { test in
            let database = try test.prepared(.upgrading)
            test.expect(try database.context().state, .upgrading)
            try refusesEverything(database, test)
            try database.migrate()
            test.expect(try database.context().state, .ready)
            _ = try database.query(Query())
        },
        Case(
            "schema.ahead", "a database that is too new is AHEAD, serves nothing and is left alone",
            needs: [.prepared(.ahead)]
        ) { test in
            let database = try test.prepared(.ahead)
            let context = try database.context()
            test.expect(context.state, .ahead)
            test.check(context.schema != context.supported, "both schemas are told")
            try refusesEverything(database, test)
            try test.expectFailure(.unsupported) { try database.migrate() }
            try test.expectFailure(.unsupported) { _ = try database.plan() }
            test.expect(try database.context().state, .ahead, "afterwards")
        },
        Case(
            "schema.foreign", "a database of others is FOREIGN, serves nothing and is left alone",
            needs: [.prepared(.foreign)]
        ) { test in
            let database = try test.prepared(.foreign)
            test.expect(try database.context().state, .foreign)
            try refusesEverything(database, test)
            try test.expectFailure(.unsupported) { try database.migrate() }
            try test.expectFailure(.unsupported) { _ = try database.plan() }
            test.expect(try database.context().state, .foreign, "afterwards")
        },
    ]

    /// What every function of the data says while the schema is not READY.
    static func refusesEverything(
        _ database: Database, _ test: Test, byWrites: Status = .upgrading
    ) throws {
        try test.expectFailure(.upgrading, of: "get") { _ = try database.get("a") }
        try test.expectFailure(.upgrading, of: "query") { _ = try database.query(Query()) }
        try test.expectFailure(.upgrading, of: "grants") { _ = try database.grants(GrantsQuery()) }
        try test.expectFailure(byWrites, of: "apply") {
            _ = try database.apply([.create(Object("a"))])
        }
        guard test.driver.lacks(.function(.changes)) == nil else { return }
        try test.expectFailure(.upgrading, of: "changes") { _ = try database.changes(since: []) }
    }
}
