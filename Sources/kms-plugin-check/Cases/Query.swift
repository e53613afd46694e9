extension Catalogue {
    static let querying: [Case] = [
        Case("query.empty", "an empty database is an empty page without a cursor") { test in
            let page = try test.database().query(Query(flags: .count))
            test.expect(page.items.count, 0)
            test.expect(page.cursor, [])
            test.expect(page.total, 0)
        },
        Case("query.parts", "items have every member and the parts asked for") { test in
            let database = try test.database()
            let object = Object(
                "a", owner: "ann", type: 7, state: 3, object: [1], attributes: [2],
                tags: ["t", "u"])
            try database.write(.create(object), .grant("a", to: "bob", 5))
            for raw in 0..<Parts.all.rawValue + 1 {
                let parts = Parts(rawValue: raw)
                let page = try database.query(Query(parts: parts, who: ["bob"]))
                guard let found = page.items.first else { return test.fail("nothing was found") }
                test.expect(found, equals: object, parts: parts, rights: 5)
            }
        },
        Case("query.pages", "pages of every size return each object once, in one order") { test in
            let database = try test.database()
            let uids = (0..<37).map { "p\($0)" }
            try database.write(uids.map { .create(Object($0)) })
            let order = try database.uids(Query())
            test.expect(order.sorted(), uids.sorted())
            for limit in [1, 2, 5, 36, 37, 38, 1000] as [UInt32] {
                test.expect(try database.uids(Query(limit: limit)), order, "pages of \(limit)")
            }
        },
        Case("query.limit", "a page has at most as many items as asked; 1000 are taken") { test in
            let database = try test.database()
            for start in stride(from: 0, to: 1200, by: 100) {
                try database.write((start..<start + 100).map { .create(Object("l\($0)")) })
            }
            let page = try database.query(Query(limit: 1000))
            test.check(!page.cursor.isEmpty, "more than a page is there")
            test.expect(try database.uids(Query(limit: 1000)).count, 1200)
        },
        Case("query.skip", "skip leaves out as many of the first items") { test in
            let database = try test.database()
            try database.write((0..<10).map { .create(Object("s\($0)")) })
            let order = try database.uids(Query())
            for skip in [0, 1, 9, 10, 11, .max] as [UInt32] {
                let wanted = Array(order.dropFirst(Int(skip)))
                test.expect(try database.uids(Query(skip: skip)), wanted, "skip \(skip)")
                test.expect(
                    try database.uids(Query(limit: 3, skip: skip)), wanted,
                    "skip \(skip) in pages of 3")
            }
        },
        Case("query.count", "total counts all matches, on all pages and skipped ones too") { test in
            let database = try test.database()
            try database.write(
                (0..<30).map { .create(Object("c\($0)", tags: [$0 < 20 ? "in" : "out"])) })
            for skip in [0, 5, 25] as [UInt32] {
                let page = try database.query(
                    Query(.tag("in"), limit: 3, skip: skip, flags: .count))
                test.expect(page.total, 20, "skip \(skip)")
            }
        },
        Case("query.newest", "with the newest first, the last created comes first") { test in
            let database = try test.database()
            let uids = ["m", "c", "z", "a", "q"]
            for uid in uids { try database.write(.create(Object(uid))) }
            try database.write(.update(Object("c", state: 4), .state))
            for limit in [1, 2, 1000] as [UInt32] {
                test.expect(
                    try database.uids(Query(limit: limit, flags: .newest)), uids.reversed(),
                    "pages of \(limit)")
            }
        },
        Case(
            "query.cursor.stable",
            "an object that matches throughout is returned exactly once, "
                + "whatever is written between the pages"
        ) { test in
            let database = try test.database()
            let kept = (0..<40).map { "k\($0)" }
            try database.write(kept.map { .create(Object($0)) })
            try database.write((0..<40).map { .create(Object("gone\($0)")) })
            for flags in [[], Query.Flags.newest] {
                var query = Query(limit: 7, flags: flags)
                var seen: [String] = []
                for round in 0..<200 {
                    let page = try database.query(query)
                    seen += page.uids
                    if page.cursor.isEmpty { break }
                    query.cursor = page.cursor
                    // Before, between and after what is there.
                    try database.write(
                        .create(Object("\(flags.rawValue)-\(round)")),
                        .create(Object("zz\(flags.rawValue)-\(round)")),
                        .update(Object(kept[round % 40], state: UInt32(round)), .state))
                    _ = try database.outcome(.delete("gone\(round * 3 % 40)"))
                }
                let counts = kept.map { uid in seen.count { $0 == uid } }
                test.expect(counts, Array(repeating: 1, count: 40), "how often each came")
            }
        },
        Case(
            "query.cursor.concurrent", "pages stay exact while others insert", patience: 2
        ) { test in
            let database = try test.database()
            let kept = (0..<200).map { "k\($0)" }
            for start in [0, 100] {
                try database.write(kept[start..<start + 100].map { .create(Object($0)) })
            }
            let isDone = Counter()
            let writer = Background {
                var round = 0
                while isDone.value == 0 && round < 2000 {
                    let uid = "\(UInt64.random(in: .min ... .max))"
                    try database.write(.create(Object(uid)))
                    if round % 2 == 0 { try database.write(.delete(uid)) }
                    round += 1
                }
            }
            for _ in 0..<test.rounds(5) {
                let seen = try database.uids(Query(limit: 10)).filter { $0.hasPrefix("k") }
                test.expect(seen.count, 200, "objects that were there throughout")
                test.expect(Set(seen).count, 200, "different ones")
            }
            isDone.add()
            try writer.join()
        },
        Case("query.cursor.other-handle", "a cursor is good on another handle") { test in
            let database = try test.database()
            try database.write((0..<10).map { .create(Object("o\($0)")) })
            let order = try database.uids(Query())
            let page = try database.query(Query(limit: 4))
            let other = try test.open()
            test.expect(
                page.uids + (try other.uids(Query(cursor: page.cursor, limit: 4))), order)
        },
        Case("query.cursor.forged", "a cursor that is not the driver's is KMS_INVALID") { test in
            let database = try test.database()
            try database.write((0..<10).map { .create(Object("f\($0)")) })
            let cursor = try database.query(Query(limit: 4)).cursor
            let forged: [(String, [UInt8])] = [
                ("one byte", [0]), ("text", Array("nonsense".utf8)),
                ("the longest", [UInt8](repeating: 0xAA, count: 512)),
                ("cut short", Array(cursor.dropLast())), ("with a byte more", cursor + [0]),
            ]
            for (name, bytes) in forged where !bytes.isEmpty {
                try test.expectFailure(.invalid, of: name) {
                    _ = try database.query(Query(cursor: bytes, limit: 4))
                }
            }
        },
        Case("query.late", "a deadline that has passed is KMS_DEADLINE") { test in
            let database = try test.database()
            try test.expectFailure(.deadline) { _ = try database.late.query(Query()) }
        },
        Case(
            "query.inline", "an inline call answers as any other, or KMS_WOULD_BLOCK",
            needs: [.quick(.query)]
        ) { test in
            let database = try test.database()
            try database.write(.create(Object("a")))
            do {
                test.expect(try database.inline.query(Query()).uids, ["a"])
            } catch let failure as CallFailed where failure.status == .wouldBlock {}
        },
    ]
}
