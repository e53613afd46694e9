// How `open` says what is wrong, with backends that only the configuration can provide.

extension Catalogue {
    static let opening: [Case] = [
        Case(
            "lifecycle.open.foreign",
            "opening as FOREIGN is KMS_UNSUPPORTED, or gives a handle that writes nothing"
        ) { test in
            let database = try test.database()
            let object = Object("a", object: [1])
            try database.write(.create(object))
            do {
                try expectWritesNothing(try test.open(.foreign), test)
            } catch let failure as CallFailed where failure.function == .open {
                test.expect(failure.status, .unsupported)
            }
            test.expect(try database.get("a"), equals: object)
            test.expect(try database.uids(Query()), ["a"])
        },
        Case(
            "schema.foreign.import",
            "a database of others is read when it is opened as FOREIGN, where a driver can",
            needs: [.prepared(.foreign)], patience: 3
        ) { test in
            let opening = try test.opening(prepared: .foreign)
            var foreign = opening
            foreign.flags = .foreign
            do {
                let database = try test.open(foreign)
                let context = try database.context()
                test.expect(context.state, .foreign)
                try expectWritesNothing(database, test)
                if !context.format.isEmpty {  // a format that the driver knows
                    for object in try everything(database) {
                        test.expect(object.status, .ok, "\(object.uid)")
                    }
                    _ = try database.grants(GrantsQuery())
                }
            } catch let failure as CallFailed where failure.function == .open {
                test.expect(failure.status, .unsupported)
            }
            test.expect(try test.open(opening).context().state, .foreign, "afterwards")
        },
        Case(
            "lifecycle.open.denied", "credentials that the backend refuses are KMS_DENIED",
            needs: [.prepared(.denied)], patience: 3
        ) { test in
            let opening = try test.opening(prepared: .denied)
            try test.expectFailure(.denied) { _ = try test.open(opening) }
        },
        Case(
            "lifecycle.open.damaged", "a damaged database is KMS_CORRUPT, and is left as it is",
            needs: [.prepared(.damaged)], patience: 3
        ) { test in
            let opening = try test.opening(prepared: .damaged)
            for _ in 0..<2 {
                try test.expectFailure(.corrupt) {
                    let database = try test.open(opening)
                    // Damage that lies deeper than `open` looks is found by the first use.
                    _ = try database.query(Query(parts: .all))
                }
            }
        },
        Case(
            "lifecycle.open.missing",
            "a backend that is not there is KMS_UNAVAILABLE or KMS_NOT_FOUND, in time",
            needs: [.prepared(.missing)], patience: 3
        ) { test in
            let opening = try test.opening(prepared: .missing)
            let soon = CallOptions(deadline: test.host.now + 2_000_000_000)
            try test.expectFailure(.unavailable, .notFound, .deadline) {
                _ = try test.open(opening, soon)
            }
        },
        Case(
            "lifecycle.open.contradictory", "settings that do not go together are KMS_INVALID",
            needs: [.prepared(.contradictory)]
        ) { test in
            let opening = try test.opening(prepared: .contradictory)
            try test.expectFailure(.invalid) { _ = try test.open(opening) }
        },
        Case(
            "get.damaged", "a damaged object is an item with KMS_CORRUPT; the others are whole",
            needs: [.prepared(.damagedObject)], patience: 3
        ) { test in
            let database: Database = try test.prepared(.damagedObject)
            let found = try everything(database)
            let damaged = found.filter { $0.status == .corrupt }
            test.check(!damaged.isEmpty, "query finds no object that is damaged")
            test.check(damaged.count < found.count, "query finds no object that is whole")
            let got = try database.get(found.map { Get($0.uid) }).items
            for (found, got) in zip(found, got) {
                test.expect(got.status, found.status, "\(found.uid), got and found")
                guard found.status == .corrupt else { continue }
                test.expect(got.object + found.object, [], "bytes of \(found.uid)")
                test.expect(try database.get(found.uid).status, .corrupt, "\(found.uid), alone")
            }
        },
    ]

    private static func expectWritesNothing(_ database: Database, _ test: Test) throws {
        for write in [.create(Object("new")), .delete("a"), .grant("a", to: "bob", 1)] as [Write] {
            try test.expectFailure(.unavailable, .unsupported, of: "apply") {
                _ = try database.apply([write])
            }
        }
        try test.expectFailure(.unavailable, .unsupported, of: "migrate") { try database.migrate() }
        try test.expectFailure(.unavailable, .unsupported, of: "clear") {
            try database.clear(force: true)
        }
    }

    private static func everything(_ database: Database) throws -> [Found] {
        var query = Query(parts: .all, limit: 3)
        var found: [Found] = []
        for _ in 0..<1000 {
            let page = try database.query(query)
            found += page.items
            if page.cursor.isEmpty { break }
            query.cursor = page.cursor
        }
        return found
    }
}
