extension Catalogue {
    static let lifecycle: [Case] = [
        Case(
            "lifecycle.essential",
            "a server can use it: context, migrate, health, get, query, apply, "
                + "grants and clear are there"
        ) { test in
            for function in [.context, .migrate, .health, .get, .query, .apply, .grants, .clear]
                as [Function]
            {
                test.check(
                    test.driver.lacks(.function(function)) == nil,
                    "the driver has no \(function)")
            }
        },
        Case("lifecycle.interface", "an unknown interface is NULL, a known one the same every time")
        {
            test in
            let library = test.driver.library
            test.check(
                library.interface("kms.database/1") == library.interface("kms.database/1"),
                "kms.database/1 differs")
            for id in [
                "", "kms.database/2", "kms.database/10", "kms.database", "KMS.DATABASE/1", "x",
            ] {
                test.check(library.interface(id) == nil, "there is an interface \"\(id)\"")
            }
        },
        Case(
            "lifecycle.whole", "starts, serves and ends; no thread and no secure memory is left",
            place: .own
        ) { test in
            let threads = Threads.count
            try test.driver.library.start()
            let database = try test.database()
            try database.write(.create(Object("a", object: [1])))
            test.expect(try database.get("a").object, [1])
            database.close()
            test.driver.library.stop()
            test.expect(test.host.secureBlocks, 0, "blocks of secure memory after deinit")
            test.check(Threads.settle(at: threads), "threads are left after deinit")
        },
        Case("lifecycle.handles", "several handles are open at once, and one can close alone") {
            test in
            let first = try test.database()
            let others = try (0..<8).map { _ in try test.open() }
            try first.write(.create(Object("a")))
            for other in others.dropLast() { other.close() }
            test.expect(try others[7].get("a").status, .ok)
            others[7].close()
            test.expect(try first.get("a").status, .ok)
        },
        Case("lifecycle.open.late", "a deadline that has passed is KMS_DEADLINE for open, too") {
            test in
            _ = try test.database()
            try test.expectFailure(.deadline) { _ = try test.open(options: .late) }
        },
        Case(
            "lifecycle.open.tenant",
            "a driver without tenants answers KMS_UNSUPPORTED to one, "
                + "never the main database"
        ) { test in
            _ = try test.database()
            try test.expectFailure(.unsupported, .notFound, .denied) {
                _ = try test.open { opening in
                    opening.tenant = "nobody"
                    opening.secret = [1, 2, 3]
                }
            }
        },
        Case("lifecycle.open.maintenance", "opens for maintenance as it opens otherwise") { test in
            let database = try test.database()
            try database.write(.create(Object("a")))
            test.expect(try test.open(.maintenance).get("a").status, .ok)
        },
        Case("lifecycle.health", "health answers on a handle that can write and on one that cannot")
        {
            test in
            let database = try test.database()
            try database.health()
            try test.open(.readOnly).health()
            try test.expectFailure(.deadline) { try database.late.health() }
        },
        Case("lifecycle.cancel.unknown", "an id that is unknown or has returned is ignored") {
            test in
            let database = try test.database()
            let cancellation = Cancellation()
            _ = try database.cancelled(by: cancellation).get("a")
            for id in [0, 1, .max, cancellation.id] { database.cancel(id) }
            test.expect(try database.get("a").status, .notFound)
        },
        Case(
            "lifecycle.statistics", "counters have a name that no other has, and a unit as in UCUM",
            needs: [.function(.statistics)]
        ) { test in
            let database = try test.database()
            let statistics = try database.statistics()
            test.expect(Set(statistics.map(\.name)).count, statistics.count, "different names")
            for item in statistics {
                test.check(!item.name.isEmpty && !item.unit.isEmpty, "\(item) lacks name or unit")
                test.check(
                    UnitOfMeasure.isKnown(item.unit),
                    "the unit of \(item.name) is no UCUM: \(item.unit)")
                test.check(item.value.isFinite, "\(item.name) is \(item.value)")
            }
            try test.expectFailure(.deadline) { _ = try database.late.statistics() }
        },
        Case("lifecycle.errors", "a message is cut where there is little room, and needs none") {
            test in
            let database = try test.database()
            for capacity in 0..<40 {
                let cramped = database.late.with { $0.messageCapacity = capacity }
                try test.expectFailure(.deadline) { _ = try cramped.get("a") }
            }
        },
        Case("lifecycle.trace", "any trace id is taken") { test in
            let database = try test.database()
            for trace in ["", "4bf92f3577b34da6a3ce929d0e0e4736", "*/ '; -- \" %s"] {
                let traced = database.with { $0.traceID = trace }
                try traced.write(.create(Object("t\(trace.count)")))
                test.expect(try traced.get("t\(trace.count)").status, .ok)
            }
        },
    ]
}
