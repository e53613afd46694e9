import PluginLoader

/// Inline calls of one kind in a case.
private let quickCalls = 300

extension Catalogue {
    static let inlining: [Case] = [
        quick(.get, "of one object") { database in
            try database.write(.create(Object("a", object: [1])), .grant("a", to: "bob", 1))
            return { quick in _ = try quick.get("a", who: ["bob", "*"]) }
        },
        quick(.query, "of a page") { database in
            try database.write((0..<50).map { .create(Object("q\($0)", tags: ["t"])) })
            let query = Query(.tag("t"), parts: .tags, who: ["alice", "*"], limit: 10)
            return { quick in _ = try quick.query(query) }
        },
        quick(.grants, "of one uid") { database in
            try database.write((0..<10).map { .grant("a", to: "n\($0)", 1) })
            return { quick in _ = try quick.grants(GrantsQuery(uid: "a")) }
        },
        long(.get, "1000 items are asked for") { database in
            let gets = (0..<1000).map { Get("l\($0)", who: ["bob", "*"]) }
            return { quick in
                let items = try quick.get(gets).items
                return items.filter { $0.status == .ok }.count
            }
        },
        long(.query, "every object is to be looked at") { database in
            let filter = Filter.all((0..<20).map { .not(.tag("none\($0)")) })
            return { quick in try quick.query(Query(filter, flags: .count)).items.count }
        },
        long(.grants, "a page is long") { database in
            { quick in try quick.grants(GrantsQuery(who: ["bob"])).items.count }
        },
        whileWriting(.get) { quick in
            let found = try quick.get("steady")
            return found.status == .ok && found.revision == 1
        },
        whileWriting(.query) { quick in
            try quick.query(Query(.uid("steady"), limit: 1)).uids == ["steady"]
        },
        whileWriting(.grants) { quick in
            try quick.grants(GrantsQuery(uid: "steady")).items.map(\.user) == ["bob"]
        },
    ]

    /// A call that the driver has at hand.
    private static func quick(
        _ function: Function, _ what: String,
        _ prepare: @escaping @Sendable (Database) throws -> (Database) throws -> Void
    ) -> Case {
        Case(
            "\(function).inline.quick",
            "an inline call \(what) takes no longer than the limit, by the median",
            needs: [.quick(function)]
        ) { test in
            let database = try test.database()
            let call = try prepare(database)
            let stopwatch = Stopwatch()
            for _ in 0..<quickCalls {
                _ = try answered(database.inline.timed(by: stopwatch), call)
            }
            expectQuick(stopwatch, test)
        }
    }

    /// A call that is more than the caller's thread has time for: refused at once, or right.
    private static func long(
        _ function: Function, _ why: String,
        _ prepare: @escaping @Sendable (Database) throws -> (Database) throws -> Int
    ) -> Case {
        Case(
            "\(function).inline.long",
            "an inline call is as quick where \(why): right, or KMS_WOULD_BLOCK",
            needs: [.quick(function)]
        ) { test in
            let database = try test.database()
            for start in stride(from: 0, to: 1000, by: 50) {
                try database.write(
                    (start..<start + 50).flatMap {
                        [.create(Object("l\($0)")), .grant("l\($0)", to: "bob", 1)]
                    })
            }
            let call = try prepare(database)
            test.expect(try call(database), 1000, "a call that may wait")
            let stopwatch = Stopwatch()
            for _ in 0..<quickCalls / 10 {
                let count = try answered(database.inline.timed(by: stopwatch), call)
                test.check(count == nil || count == 1000, "\(count ?? 0) of 1000 are answered")
            }
            expectQuick(stopwatch, test)
        }
    }

    /// Inline calls while another thread writes a batch as long as batches get.
    private static func whileWriting(
        _ function: Function, _ isRight: @escaping @Sendable (Database) throws -> Bool
    ) -> Case {
        Case(
            "\(function).inline.apply",
            "inline calls do not wait for an apply that goes on: right, or KMS_WOULD_BLOCK",
            needs: [.quick(function)], patience: 2
        ) { test in
            let database = try test.database()
            try database.write(
                .create(Object("steady", revision: 1)), .grant("steady", to: "bob", 1))
            let bytes = [UInt8](repeating: 0x5A, count: 100_000)
            var waits: [Double] = []
            for round in 0..<9 {
                let writes = (0..<100).map {
                    Write.create(Object("w\(round)-\($0)", object: bytes))
                }
                let applying = Stopwatch()
                let asking = Stopwatch()
                let write: @Sendable () throws -> Void = {
                    try database.timed(by: applying).write(writes)
                }
                try during(write) { goesOn in
                    while goesOn() {
                        let isOK = try answered(database.inline.timed(by: asking), isRight)
                        test.check(isOK != false, "an answer is wrong while another thread writes")
                    }
                }
                guard let apply = applying.laps.first else { continue }
                let during = asking.laps.filter { $0.end > apply.start && $0.start < apply.end }
                let longest = during.map(\.duration).max() ?? 0
                waits.append(Double(longest) / Double(max(apply.duration, 1)))
            }
            // Threads are also kept waiting by the system: one round in three without is enough.
            let typical = waits.sorted()[waits.count / 3]
            test.check(
                typical < 0.5, "inline calls took \(Int(typical * 100)) % of the time of apply")
        }
    }

    private static func expectQuick(_ stopwatch: Stopwatch, _ test: Test) {
        let limit = test.driver.quickLimit
        test.check(
            stopwatch.median <= limit, "the median is \(stopwatch.median), the limit \(limit)")
    }

    /// What an inline call answers; nil for `KMS_WOULD_BLOCK`.
    private static func answered<Answer>(
        _ database: Database, _ call: (Database) throws -> Answer
    ) throws -> Answer? {
        do {
            return try call(database)
        } catch let failure as CallFailed where failure.status == .wouldBlock {
            return nil
        }
    }
}
