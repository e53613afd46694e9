extension Catalogue {
    static let migration: [Case] = [
        Case(
            "schema.migrate.older",
            "the version is that of the newest host: an older one lowers "
                + "it never, and compares numbers",
            needs: [.durable, .emptyDatabase], patience: 3
        ) { test in
            // Our own host says 1.2.3.
            for (migrating, wanted) in [("1.10.0", "1.10.0"), ("1.9.9", "1.10.0"), ("2.0", "2.0")] {
                try test.migrate(byHostOfVersion: migrating)
                let database = try test.open()
                test.expect(try database.context().version, wanted, "after a host \(migrating)")
                try database.migrate()
                test.expect(try database.context().version, wanted, "after \(KitHost.version)")
                database.close()
            }
        },
        Case(
            "schema.migrate.watched",
            "while one handle migrates, another is refused with KMS_UPGRADING until it is READY",
            needs: [.emptyDatabase]
        ) { test in
            for _ in 0..<test.rounds(1) {
                try watch(try test.open(), migrating: try test.open(), test)
            }
        },
        Case(
            "schema.behind.watched", "the same while a database of an older driver is migrated",
            needs: [.prepared(.behind)], patience: 3
        ) { test in
            let opening = try test.opening(prepared: .behind)
            try watch(try test.open(opening), migrating: try test.open(opening), test)
        },
        Case(
            "schema.behind.race", "several handles that migrate at once bring one schema",
            needs: [.prepared(.behind)], patience: 3
        ) { test in
            let opening = try test.opening(prepared: .behind)
            let handles = try (0..<4).map { _ in try test.open(opening) }
            try onThreads(4) { index in
                do {
                    try handles[index].migrate()
                } catch let failure as CallFailed where failure.status == .upgrading {}
            }
            test.expect(try handles[0].context().state, .ready)
            for handle in handles { _ = try handle.query(Query(parts: .all)) }
        },
    ]

    private static func watch(
        _ watcher: Database, migrating migrator: Database, _ test: Test
    ) throws {
        let uid = "watched-\(UInt64.random(in: .min ... .max))"  // of no object that is there
        try test.expectFailure(.upgrading, of: "before") { _ = try watcher.get(uid) }
        try during({ try migrator.migrate() }) { goesOn in
            var isLast = false
            while !isLast {
                isLast = !goesOn()
                let wasReady = try watcher.context().state == .ready
                do {
                    test.expect(try watcher.get(uid).status, .notFound)
                } catch let failure as CallFailed where failure.status == .upgrading {
                    test.check(!wasReady, "get is KMS_UPGRADING although context said READY")
                }
            }
        }
        test.expect(try watcher.context().state, .ready)
        test.expect(try watcher.get(uid).status, .notFound)
        try watcher.write(.create(Object(uid)))
    }
}
