extension Catalogue {
    static let results: [Case] = [
        Case("results.outlive", "a result stays as it is until its release, whatever is done later")
        {
            test in
            let database = try stored(test)
            let before = try Everything(of: database, test)
            let seen = before.described
            try database.write(
                .update(
                    Object("a", owner: "eve", state: 9, object: [9, 9], tags: ["new"]), .all),
                .delete("b"), .revoke("a", from: "bob", 7), .grant("z", to: "zoe", 1))
            _ = try database.get("a", who: ["bob"])
            _ = try database.query(Query(parts: .all))
            _ = try database.grants(GrantsQuery())
            test.expect(before.described, seen, "after writes and other reads")
            let after = try Everything(of: database, test)
            try database.clear(force: true)
            test.expect(before.described, seen, "after clear")
            test.check(after.described != seen, "what was read later is another state")
            before.release()
            after.release()
            test.expect(try database.get("a").status, .notFound)
        },
        Case("results.thread", "a result may be read and released by another thread") { test in
            let database = try stored(test)
            for _ in 0..<test.rounds(5) {
                let held = try Everything(of: database, test)
                let seen = held.described
                let others = try (0..<4).map { _ in try Everything(of: database, test) }
                try onThreads(4) { index in
                    test.expect(held.described, seen, "read by another thread")
                    test.expect(others[index].described, seen, "read by its own thread")
                    others[index].release()
                    _ = try database.get("a", who: ["bob"])
                }
                try Background { held.release() }.join()
            }
        },
        Case("results.many", "many results are held at once and released in any order") { test in
            let database = try test.database()
            let objects = (0..<50).map { Object("m\($0)", object: [UInt8($0)]) }
            try database.write(objects.map { .create($0) })
            var held = try (0..<500).map { try database.holdingGet([Get("m\($0 % 50)")]) }
            for step in 0..<500 {
                let result = held.remove(at: step * 7919 % held.count)
                guard let item = result.value.items.first else { return test.fail("no item") }
                test.check(
                    "m\(item.object.first ?? 255)" == item.uid, "\(item.uid) has another's bytes")
                result.release()
            }
        },
    ]

    private static func stored(_ test: Test) throws -> Database {
        let database = try test.database()
        try database.write(
            .create(Object("a", object: [1, 2], attributes: [3], tags: ["t"])),
            .create(Object("b", object: [4])), .grant("a", to: "bob", 7), .grant("k", to: "*", 1))
        return database
    }

    /// A result of every function that has one.
    private struct Everything: Sendable {
        let got: Held<Objects>, found: Held<Objects>
        let granted: Held<Grants>
        let changed: Held<Changes>?
        let planned: Held<[String]>?
        let counted: Held<[Statistic]>?

        init(of database: Database, _ test: Test) throws {
            let has = { (function: Function) in test.driver.lacks(.function(function)) == nil }
            got = try database.holdingGet([Get("a", who: ["bob"]), Get("b"), Get("none")])
            found = try database.holdingQuery(Query(parts: .all, who: ["alice"], flags: .count))
            granted = try database.holdingGrants(GrantsQuery())
            changed = has(.changes) ? try database.holdingChanges([]) : nil
            planned = has(.plan) ? try database.holdingPlan() : nil
            counted = has(.statistics) ? try database.holdingStatistics() : nil
        }

        var described: String {
            "\(got.value) \(found.value) \(granted.value) \(String(describing: changed?.value)) "
                + "\(String(describing: planned?.value)) \(String(describing: counted?.value))"
        }

        func release() {
            got.release()
            found.release()
            granted.release()
            changed?.release()
            planned?.release()
            counted?.release()
        }
    }
}
