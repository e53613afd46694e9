extension Catalogue {
    static let cancelling: [Case] = [
        polled(.get) { database, test in
            let found = try database.get((0..<20).map { Get("c\($0)") })
            test.check(found.items.allSatisfy { $0.status == .ok }, "objects are missing")
        },
        polled(.query) { database, test in
            let page = try database.query(
                Query(.all([.not(.tag("x")), .tag("t")]), parts: .all, flags: .count))
            test.expect(page.items.count, 400)
            test.expect(page.total, 400)
        },
        polled(.grants) { database, test in
            test.expect(try database.grants(GrantsQuery(who: ["bob"])).items.count, 400)
        },
        Case(
            "apply.cancel",
            "an apply that is cancelled says of each batch whether it was written, and it was so"
        ) { test in
            let database = try test.database()
            for poll in polls {
                try database.clear(force: true)
                let cancellation = Cancellation(atPoll: poll)
                let writes = (0..<40).map { index in
                    Write.create(Object("c\(index)", object: [1], tags: ["t"]))
                        .inBatch(UInt32(index / 4))
                }
                var written = [Written](
                    repeating: Written(status: .cancelled, flags: 0), count: writes.count)
                var isInDoubt = false
                do {
                    written = try database.cancelled(by: cancellation).apply(writes)
                } catch let failure as CallFailed where failure.status == .cancelled {
                    isInDoubt = failure.isInDoubt
                }
                let there = Set(try database.uids(Query()))
                for (write, item) in zip(writes, written) where !(isInDoubt || item.isInDoubt) {
                    let isThere = there.contains(write.object.uid)
                    test.check(
                        isThere == (item.status == .ok),
                        "cancelled at poll \(poll), \(write.object.uid) is "
                            + (isThere ? "written" : "not written") + " and said \(item.status)")
                }
                for batch in 0..<10 {
                    let count = (batch * 4..<batch * 4 + 4).count { there.contains("c\($0)") }
                    test.check(
                        count == 0 || count == 4, "\(count) of 4 writes of a batch are there")
                }
                if cancellation.polls < poll { break }
            }
        },
        Case(
            "lifecycle.cancel.others",
            "cancel ends the call with its id and no other, however often it comes", patience: 2
        ) { test in
            let database = try test.database()
            try database.write((0..<50).map { .create(Object("c\($0)", tags: ["t"])) })
            let victim = Cancellations()
            let isDone = Counter()
            let shooter: @Sendable () throws -> Void = {
                while isDone.value == 0 {
                    if let id = victim.current { database.cancel(id) }
                }
            }
            let rounds = test.rounds(5) * 40
            let bystander: @Sendable () throws -> Void = {
                for round in 0..<rounds {
                    try database.write(.create(Object("b\(round)")))
                    test.expect(try database.get("b\(round)").status, .ok, "of a bystander")
                    test.expect(try database.uids(Query(.tag("t"))).count, 50, "of a bystander")
                }
            }
            try during(shooter) { _ in
                defer { isDone.add() }
                try during(bystander) { goesOn in
                    while goesOn() { try shootAt(victim.next(), database, test) }
                }
            }
        },
    ]

    private static func shootAt(
        _ cancellation: Cancellation, _ database: Database, _ test: Test
    ) throws {
        do {
            let page = try database.cancelled(by: cancellation).query(Query(.tag("t")))
            test.expect(page.items.count, 50, "a call that cancel missed")
        } catch let failure as CallFailed where failure.status == .cancelled {}
    }

    /// When the call is cancelled: at the n-th question whether it is. Ends where a driver asks no
    /// more.
    private static let polls = Array(1...16) + [32, 64, 256, 1024]

    private static func polled(
        _ function: Function, _ call: @escaping @Sendable (Database, Test) throws -> Void
    ) -> Case {
        Case(
            "\(function).cancel",
            "a call that is cancelled is KMS_CANCELLED, or right as if nothing had happened"
        ) { test in
            let database = try test.database()
            for start in stride(from: 0, to: 400, by: 50) {
                try database.write(
                    (start..<start + 50).flatMap {
                        [.create(Object("c\($0)", tags: ["t"])), .grant("c\($0)", to: "bob", 1)]
                    })
            }
            for poll in polls {
                let cancellation = Cancellation(atPoll: poll)
                do {
                    try call(database.cancelled(by: cancellation), test)
                } catch let failure as CallFailed where failure.status == .cancelled {
                    test.check(!failure.isInDoubt, "there is no doubt about what only reads")
                }
                if cancellation.polls < poll { break }
            }
            try call(database, test)
        }
    }
}
