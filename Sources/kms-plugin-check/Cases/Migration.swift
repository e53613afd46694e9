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
                let other = try Peer.onDatabase(of: test, hostVersion: migrating)
                try other.migrate()
                _ = other.kill()  // a driver may serve one process at a time
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
            let watcher = try test.open(opening)
            try expectBehind(watcher, test)
            try watch(watcher, migrating: try test.open(opening), test)
        },
        Case(
            "schema.behind.race", "several handles that migrate at once bring one schema",
            needs: [.prepared(.behind)], patience: 3
        ) { test in
            let opening = try test.opening(prepared: .behind)
            let handles = try (0..<4).map { _ in try test.open(opening) }
            try expectBehind(handles[0], test)
            try onThreads(4) { index in
                do {
                    try handles[index].migrate()
                } catch let failure as CallFailed where failure.status == .upgrading {}
            }
            test.expect(try handles[0].context().state, .ready)
            for handle in handles { _ = try handle.query(Query(parts: .all)) }
        },
    ]

    /// Only one case can migrate a database that is not copied.
    private static func expectBehind(_ database: Database, _ test: Test) throws {
        if try database.context().state == .ready {
            throw test.skip("an earlier case used up the prepared database: it is no copy")
        }
    }

    private static func watch(
        _ watcher: Database, migrating migrator: Database, _ test: Test
    ) throws {
        let uid = "watched-\(UInt64.random(in: .min ... .max))"  // of no object that is there
        try test.expectFailure(.upgrading, of: "before") { _ = try watcher.get(uid) }
        let migrate: @Sendable () throws -> Void = { try migrator.migrate() }
        try during(migrate) { goesOn in
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
